// SPDX-License-Identifier: Apache-2.0
// What a recorder is built from: where a build and an installed program find it, and what makes it another
// one.
#include "harness/watch/recorder_kit.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// A program's folder with a kit, whose library is `library`.
struct Home {
  Scratch scratch;
  explicit Home(const std::string& library) {
    make_folder(kit_folder());
    write_atomically(kit_folder() / "kit.toml",
                     "compiler = \"c++\"\noptions = [\"-O2\"]\nsource = \"../source\"\n"
                     "includes = [\"include\", \"/opt/include\"]\nrooms = [\"room\"]\n"
                     "torch_rooms = [\"torch_room\"]\ngenerated = [\"shelves/table.cpp\"]\n"
                     "archives = [\"archives/libroom.a\"]\nlibraries = [" +
                         library + "]\n");
    for (const char* file : {"recorder/archives/libroom.a", "source/room/a.cpp", "source/torch_room/b.cpp"}) {
      make_folder((share() / file).parent_path());
      write_atomically(share() / file, file);
    }
  }
  fs::path share() const { return scratch / "home/share/reprise"; }
  fs::path kit_folder() const { return share() / "recorder"; }
  RecorderKit kit() const { return read_recorder_kit(scratch / "home"); }
};

}  // namespace

TEST_CASE("an installed kit begins at its own folder and takes the libraries that this program has") {
  const Home home("\"libfmt\", \"archives/libown.a\", \"/opt/lib/libother.so\"");
  const RecorderKit kit = home.kit();
  CHECK(kit.source == home.share() / "source");
  CHECK(kit.includes == std::vector<std::string>{home.kit_folder() / "include", "/opt/include"});
  CHECK(kit.generated == std::vector<std::string>{home.kit_folder() / "shelves/table.cpp"});
  CHECK(kit.archives == std::vector<std::string>{home.kit_folder() / "archives/libroom.a"});
  REQUIRE(kit.libraries.size() == 3);
  CHECK(fs::is_regular_file(kit.libraries[0]));
  CHECK(fs::path(kit.libraries[0]).filename().string().starts_with("libfmt"));
  CHECK(kit.libraries[1] == home.kit_folder() / "archives/libown.a");
  CHECK(kit.libraries[2] == "/opt/lib/libother.so");
}

TEST_CASE("a kit without a library that it names and a program without a kit say what to do") {
  const Home home("\"libnone\"");
  CHECK_THROWS_WITH(home.kit(), Contains("libnone") && Contains("install reprise again"));
  const Scratch empty;
  CHECK_THROWS_WITH(read_recorder_kit(empty.path()),
                    Contains("share/reprise/recorder/kit.toml") && Contains("--with-recorder"));
}

TEST_CASE("another source or archive or place of a library is another recorder") {
  const Home home("\"/opt/lib/libother.so\"");
  const std::string before = digest_of(home.kit());
  CHECK(digest_of(home.kit()) == before);
  RecorderKit moved = home.kit();
  moved.libraries = {"/opt/lib2/libother.so"};
  CHECK(digest_of(moved) != before);
  for (const char* file : {"recorder/archives/libroom.a", "source/room/a.cpp", "source/torch_room/b.cpp"}) {
    write_atomically(home.share() / file, "changed");
    CHECK(digest_of(home.kit()) != before);
    write_atomically(home.share() / file, file);
  }
  CHECK(digest_of(home.kit()) == before);
}

TEST_CASE("folders in which no loader looks by itself are named once") {
  RecorderKit kit;
  kit.libraries = {"/site/reprise.libs/liba-1.so.1", "/site/reprise.libs/libb-2.so.3",
                   "/usr/lib/x86_64-linux-gnu/libz.so.1", "/lib/libc.so.6"};
  CHECK(library_folders(kit) == std::vector<std::string>{"/site/reprise.libs"});
}
