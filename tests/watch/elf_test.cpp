// SPDX-License-Identifier: Apache-2.0
// tests/bundle has what a program needs, and files that are cut or lie.
#include "harness/watch/elf.h"

#include <fstream>

#include "harness/base/files.h"
#include "harness/watch/loaded_libraries.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;

namespace {

const fs::path reprise_program = REPRISE_BIN "/reprise";

}  // namespace

TEST_CASE("a program names its loader, and a library, a script, a folder and nothing at all name none") {
  const Scratch scratch;
  write_atomically(scratch / "script", "#!/bin/sh\n# /lib64/ld-linux-x86-64.so.2\n");
  CHECK(loader_of(reprise_program).find("/ld-linux") != std::string::npos);
  CHECK(loader_of(libraries_loaded_by(reprise_program, {}, {}).begin()->second).empty());
  for (const auto& path : {scratch / "script", scratch.path(), scratch / "none"})
    CHECK(loader_of(path).empty());
}

TEST_CASE("a program cut within its segments names no loader") {
  const Scratch scratch;
  const std::string whole = read_file(reprise_program, "program");
  for (const std::size_t size : {0UL, 16UL, 63UL, 64UL, 100UL, 300UL}) {
    std::ofstream(scratch / "cut", std::ios::binary) << whole.substr(0, size);
    CHECK(loader_of(scratch / "cut").empty());
  }
}

TEST_CASE("the loader lists a program's libraries and does not start it") {
  const Scratch scratch;
  const auto found = libraries_loaded_by(reprise_program, {}, scratch.path());
  REQUIRE(found.contains("libc.so.6"));
  for (const auto& [name, file] : found) {
    INFO(name);
    CHECK(fs::is_regular_file(file));
  }
  write_atomically(scratch / "script", "#!/bin/sh\necho ' => /started (0x0)' >started\n");
  fs::permissions(scratch / "script", fs::perms::owner_all);
  CHECK(libraries_loaded_by(scratch / "script", {{"PATH", "/bin"}}, scratch.path()).empty());
  CHECK_FALSE(fs::exists(scratch / "started"));
}

TEST_CASE("versions are ordered by their numbers") {
  CHECK(is_older("2.9", "2.34"));
  CHECK(is_older("", "2.2"));
  CHECK(is_older("2.34", "2.34.1"));
  CHECK_FALSE(is_older("2.34", "2.34"));
  CHECK_FALSE(is_older("2.34", "PRIVATE"));
}
