// SPDX-License-Identifier: Apache-2.0
// How the recorder would come into what a command starts.
#include "harness/watch/entrance.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

fs::path program(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

}  // namespace

TEST_CASE("a Python is entered by PYTHONPATH, one that ignores it by LD_PRELOAD") {
  const Scratch folder;
  const auto python = program(folder / "python3", "no real one");
  const std::map<std::string, std::string> variables{{"PATH", folder.path().string() + ":/usr/bin:/bin"}};
  const auto preloaded = [&](const std::vector<std::string>& words) {
    const Entrance entrance = entrance_of(words, variables, folder.path());
    CHECK(entrance.python == python);
    return entrance.preload;
  };
  CHECK_FALSE(preloaded({"python3", "train.py"}));
  CHECK_FALSE(preloaded({"python3", "train.py", "-I"}));        // the script's
  CHECK_FALSE(preloaded({"python3", "-m", "train", "-E"}));     // the module's
  CHECK_FALSE(preloaded({"python3", "-us", "-W", "-I", "x"}));  // what -W is told
  for (const std::string flags : {"-I", "-E", "-S", "-uE", "-ES"})
    CHECK(preloaded({"python3", flags, "train.py"}));
  CHECK(preloaded({"python3", "-W", "ignore", "-I", "train.py"}));
  CHECK(preloaded({"env", "A=1", "python3", "-I", "train.py"}));
  CHECK_FALSE(preloaded({"timeout", "9", "python3", "train.py"}));
  CHECK(preloaded({"sh", "train.sh"}));  // what it starts is not known
}

TEST_CASE("the first line of a script tells its Python and its options") {
  const Scratch folder;
  const auto python = program(folder / "python3", "no real one");
  const std::map<std::string, std::string> variables{{"PATH", folder.path().string()}};
  program(folder / "plain", "#!" + python.string() + "\nimport torch\n");
  program(folder / "isolated", "#!/usr/bin/env -S python3 -I\nimport torch\n");
  const auto plain = entrance_of({"./plain"}, variables, folder.path());
  CHECK(plain.python == python);
  CHECK_FALSE(plain.preload);
  const auto isolated = entrance_of({"isolated"}, variables, folder.path());
  CHECK(isolated.python == python);
  CHECK(isolated.preload);
  CHECK_FALSE(isolated.libtorch);
}

TEST_CASE("a program that is not there is an error, one without Python and LibTorch is none") {
  const Scratch folder;
  CHECK_THROWS_AS(entrance_of({"nowhere"}, {{"PATH", "/bin"}}, folder.path()), Error);
  CHECK_THROWS_AS(entrance_of({"./nowhere"}, {{"PATH", "/bin"}}, folder.path()), Error);
  const auto entrance = entrance_of({"/bin/true"}, {{"PATH", folder.path().string()}}, folder.path());
  CHECK_FALSE(entrance.python);
  CHECK_FALSE(entrance.libtorch);
}
