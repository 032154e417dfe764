// SPDX-License-Identifier: Apache-2.0
// The life of a baseline on real runs: kept, matched, left when a library changes with the operator named,
// and blessed.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

Json night(const Scratch& folder, const std::string& number, int code, const std::string& more = "") {
  const auto printed = run_program(folder.path(), "nightly night.toml --machine a --worker ./worker" + more);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == code);
  return Json::parse(content_of(folder / ("history/nights/a/" + number + "/night.json")));
}

}  // namespace

TEST_CASE("a library that changed overnight is a mismatch whose operator is named, until it is blessed") {
  const Scratch folder;
  write_atomically(folder / "night.toml",
                   "format = \"reprise.matrices/1\"\nbisect = \"first\"\n[[matrix]]\nrecipes = [\"waves\"]\n"
                   "axes = [\"repeat=2\"]\nset = [\"model=mlp\", \"steps=6\", \"samples=200\", "
                   "\"test_samples=50\", \"ops=1-2\"]\npin = [\"threads=1\"]\n");
  write_atomically(folder / "worker", "#!/bin/sh\nif [ -e '" + (folder / "updated").string() +
                                          "' ]; then export LD_PRELOAD=" REPRISE_CHANGED_LIBRARY
                                          "; fi\nexec " REPRISE_BIN "/reprise-worker \"$@\"\n");
  std::filesystem::permissions(folder / "worker", std::filesystem::perms::owner_all);
  night(folder, "0001", 2, " --record");
  night(folder, "0002", 0);
  write_atomically(folder / "updated", "");
  const Json moved = night(folder, "0003", 1);
  for (const auto& run : moved["runs"]) {
    CHECK(run["found"] == "mismatch");
    CHECK_THAT(run["operator"].get<std::string>(), Contains("aten::mm"));
  }
  CHECK_THAT(moved.dump(), Contains("mm_in_double"));
  const auto blessed =
      run_program(folder.path(), "baseline bless runs/a/night-0003 --reason 'a new library'");
  INFO(blessed.out << blessed.err);
  REQUIRE(blessed.code == 0);
  night(folder, "0004", 0);
}
