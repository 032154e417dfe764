// SPDX-License-Identifier: Apache-2.0
// What `cmake --install` puts into a folder, which the wheel and the Debian package carry: all that the
// installed program needs lies beside it, and nothing leads back to the folder in which it was built.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// Installed once for all tests of this process; with the file system's own time and place.
const fs::path& prefix() {
  static const Scratch scratch;
  static const fs::path place = [] {
    const fs::path to = scratch / "prefix";
    const std::string line =
        std::string("'" REPRISE_CMAKE "' --install '" REPRISE_BIN "/..' --component Unspecified --prefix '") +
        to.string() + "' >/dev/null";
    REQUIRE(std::system(line.c_str()) == 0);
    return to;
  }();
  return place;
}

Printed run_installed(const fs::path& folder, const std::string& arguments, const std::string& variables) {
  const auto out = folder / ".out", err = folder / ".err";
  const std::string line = "cd '" + folder.string() + "' && env -i " + variables + " '" +
                           (prefix() / "bin/reprise").string() + "' " + arguments + " >'" + out.string() +
                           "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(out), content_of(err)};
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  return files;
}

// The headers that the recorder's sources include, but for those of torch.
std::set<std::string> headers_included(const fs::path& source, const std::vector<std::string>& rooms) {
  static const std::regex include("#include *[<\"]([^>\"]+)[>\"]");
  std::set<std::string> names;
  for (const auto& room : rooms)
    for (const auto& file : list_folder(source / room)) {
      if (file.extension() != ".h" && file.extension() != ".cpp") continue;
      const std::string text = content_of(file);
      for (std::sregex_iterator found(text.begin(), text.end(), include), end; found != end; ++found) {
        const std::string name = (*found)[1];
        const bool torch =
            name.starts_with("ATen/") || name.starts_with("c10/") || name.starts_with("torch/");
        if (!torch) names.insert(name);
      }
    }
  return names;
}

// Of the C and C++ libraries: no dot, or none that the kit has to bring.
bool comes_with_compiler(const std::string& header) {
  static const std::set<std::string> known = {
      "cpuid.h",     "cxxabi.h",       "dlfcn.h",       "fcntl.h",    "immintrin.h", "link.h",
      "malloc.h",    "pthread.h",      "sched.h",       "signal.h",   "spawn.h",     "sys/auxv.h",
      "sys/mman.h",  "sys/stat.h",     "sys/types.h",   "sys/wait.h", "unistd.h",    "sys/file.h",
      "sys/ioctl.h", "sys/resource.h", "sys/utsname.h", "arm_neon.h", "sys/prctl.h", "elf.h"};
  return header.find('.') == std::string::npos || known.contains(header);
}

// A Python with a torch that has headers, and nothing else.
void make_python(const fs::path& bin, const fs::path& torch) {
  make_folder(torch / "include/ATen");
  make_folder(torch / "lib");
  write_atomically(torch / "include/ATen/Context.h", "");
  write_atomically(torch / "lib/libtorch_cpu.so", "");
  make_folder(bin);
  for (const char* name : {"python", "python3"}) {
    write_atomically(bin / name, "#!/bin/sh\necho 'reprise:{\"folder\": \"" + torch.string() +
                                     "\", \"version\": \"2.11.0+cpu\", \"abi\": \"1\"}'\n");
    fs::permissions(bin / name, fs::perms::owner_all);
  }
}

}  // namespace

TEST_CASE("an installed program finds its recipes beside itself") {
  const Scratch scratch;
  const Printed listed = run_installed(scratch.path(), "list", "HOME=" + scratch.path().string());
  CHECK(listed.code == 0);
  for (const char* recipe : {"waves", "mnist1d", "lenet"}) CHECK(contains(listed.out, recipe));
  for (const char* file :
       {"share/reprise/recipes/waves.toml", "share/doc/reprise/docs/install.md",
        "share/doc/reprise/copyright", "share/doc/reprise/licences/reprise.txt", "share/man/man1/reprise.1",
        "share/reprise/recorder/reprise-preload.so", "share/reprise/recorder/reprise-opened.so",
        "share/reprise/source/harness/recorder/site/sitecustomize.py",
        "share/reprise/source/harness/recorder/observe/__init__.py",
        "share/reprise/source/harness/recorder/probing/call.py",
        "share/reprise/source/harness/recorder/exports.map", "share/reprise/source/cmake/programs.cmake",
        "share/reprise/source/CMakeLists.txt"}) {
    INFO(file);
    CHECK(fs::is_regular_file(prefix() / file));
  }
}

TEST_CASE("nothing that is installed leads to the folder in which it was built") {
  const std::string source = REPRISE_SOURCE "/", build = fs::canonical(REPRISE_BIN "/..").string();
  std::vector<std::string> leading;
  for (const auto& file : files_below(prefix())) {
    const std::string text = content_of(file);
    if (contains(text, source) || contains(text, build)) leading.push_back(file.string());
    if (contains(file.string(), "/tests/") || contains(file.string(), "__pycache__") ||
        file.extension() == ".o")
      leading.push_back(file.string());
  }
  INFO(join(leading, "\n"));
  CHECK(leading.empty());
}

TEST_CASE("the installed kit has every file that it names and every header that its sources include") {
  const fs::path folder = prefix() / "share/reprise/recorder", source = prefix() / "share/reprise/source";
  auto table = TomlTable::parse(content_of(folder / "kit.toml"), "kit.toml");
  std::vector<std::string> rooms = table.texts("rooms");
  for (const auto& room : table.texts("torch_rooms")) rooms.push_back(room);
  for (const auto& room : rooms) {
    INFO(room);
    CHECK_FALSE(list_folder(source / room).empty());
  }
  for (const char* part : {"archives", "generated", "includes"})
    for (const auto& name : table.texts(part)) {
      INFO(name);
      CHECK(fs::path(name).is_relative());
      CHECK(fs::exists(folder / name));
    }
  for (const auto& header : headers_included(source, rooms)) {
    INFO(header);
    CHECK((comes_with_compiler(header) || fs::exists(source / header) ||
           fs::exists(folder / "include" / header)));
  }
}

TEST_CASE("an installed program without a compiler says that a recorder needs one") {
  const Scratch scratch;
  make_python(scratch / "bin", scratch / "site/torch");
  const Printed said =
      run_installed(scratch.path(), "run -- python train.py",
                    "HOME=" + scratch.path().string() + " PATH=" + (scratch / "bin").string());
  CHECK(said.code == 2);
  CHECK_THAT(said.err, Contains("wanted the C++ compiler c++ to build a recorder for torch 2.11.0+cpu") &&
                           Contains("install g++"));
}

TEST_CASE("an installed program builds a recorder of what lies beside it") {
  const Scratch scratch;
  make_python(scratch / "bin", scratch / "site/torch");
  write_atomically(scratch / "bin/g++",
                   "#!/bin/sh\necho \"$@\" >>" + (scratch / "asked").string() + "\nexit 1\n");
  fs::permissions(scratch / "bin/g++", fs::perms::owner_all);
  const Printed said =
      run_installed(scratch.path(), "run -- python train.py",
                    "HOME=" + scratch.path().string() + " PATH=" + (scratch / "bin").string());
  CHECK(said.code == 2);
  const std::string asked = content_of(scratch / "asked");
  CHECK_THAT(asked, Contains("-I" + (prefix() / "share/reprise/source").string()));
  CHECK_THAT(asked, Contains("-isystem " + (prefix() / "share/reprise/recorder/include").string()));
  CHECK_THAT(asked, !Contains(REPRISE_SOURCE));
}

TEST_CASE(
    "an installed program names the command that builds a worker for the torch at hand and uses what it "
    "built") {
  const Scratch scratch;
  make_python(scratch / "bin", scratch / "site/torch");
  const std::string variables = "HOME=" + scratch.path().string() + " PATH=" + (scratch / "bin").string() +
                                ":/usr/bin:/bin REPRISE_TORCH_HOME=" + (scratch / "torches").string();
  const Printed refused = run_installed(scratch.path(), "run waves --set steps=2", variables);
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("`reprise torch add 2.11.0 --for recipes`"));
  const fs::path kept = scratch / "torches/2.11.0", worker = kept / "worker";
  for (const char* part : {"bin", "share/reprise", "lib"}) make_folder(worker / part);
  write_atomically(worker / "share/reprise/worker.toml", "torch = \"2.11.0\"\nabi = \"1\"\n");
  write_atomically(worker / "bin/reprise-worker", "#!/bin/sh\necho reached\nexit 3\n");
  fs::permissions(worker / "bin/reprise-worker", fs::perms::owner_all);
  write_atomically(kept / "kept.toml",
                   "format = \"reprise.torch/1\"\ntorch = \"2.11.0\"\nworker = true\n"
                   "scripts = false\nsources = \"\"\n");
  const Printed reached = run_installed(scratch.path(), "run waves --set steps=2", variables);
  INFO(reached.err);
  CHECK_FALSE(contains(reached.err, "no worker at"));
  CHECK_THAT(reached.err + reached.out, Contains("exit code 3") || Contains("reached"));
}
