// SPDX-License-Identifier: Apache-2.0
// The mechanism of tests/skip.h, by starting this program for one hidden test that only skips, or that failed
// first.
#include "skip.h"

#include <catch2/catch.hpp>

#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

Printed run_hidden(const Scratch& folder, const std::string& tests) {
  return run_program(folder.path(), tests, "", std::filesystem::read_symlink("/proc/self/exe").string());
}

}  // namespace

TEST_CASE("hidden: only skips", "[.]") {
  skip("nothing here");
  FAIL("a skip ends the test");
}

TEST_CASE("hidden: fails and skips", "[.]") {
  CHECK(false);
  skip("too late");
}

TEST_CASE("hidden: passes", "[.]") { CHECK(true); }

TEST_CASE("a test that is skipped ends with the code that ctest knows, and with its reason") {
  const Scratch folder;
  const auto alone = run_hidden(folder, "'hidden: only skips'");
  CHECK(alone.code == 77);
  CHECK(contains(alone.out, "skipped: hidden: only skips: nothing here\n"));
}

TEST_CASE("a skip among tests that pass is a success with its reason, and a failed test stays failed") {
  const Scratch folder;
  const auto among = run_hidden(folder, "'hidden: only skips','hidden: passes'");
  CHECK(among.code == 0);
  CHECK(contains(among.out, "skipped: hidden: only skips: nothing here\n"));
  const auto failed = run_hidden(folder, "'hidden: fails and skips'");
  CHECK(failed.code != 0);
  CHECK(failed.code != 77);
}
