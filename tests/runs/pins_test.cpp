// SPDX-License-Identifier: Apache-2.0
// A recipe that changes a pinned setting in the middle of training fails its run, with that pin's name.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

Printed run_planted(const Scratch& folder, const std::string& program) {
  std::ofstream(folder / "planted.toml")
      << "summary = \"planted\"\nprogram = \"" << program
      << "\"\n[train]\nsteps = 8\nbatch = 2\nsamples = 8\nevaluate_every = 8\n"
         "[watch]\ncheckpoint_every = 4\nkeep = \"none\"\n";
  return run_program(folder.path(), "run ./planted.toml --json --worker '" REPRISE_BIN "/planted-worker'");
}

// Which pin each program of tests/planted changes.
const std::map<std::string, std::string> changed = {{"changes-threads", "threads"},
                                                    {"changes-dtype", "default-dtype"},
                                                    {"changes-determinism", "deterministic"},
                                                    {"changes-environment", "mkl"}};

}  // namespace

TEST_CASE("every program that changes a setting is among those that are tried") {
  std::size_t programs = 0;
  for (const auto& file : list_folder(REPRISE_SOURCE "/tests/planted")) {
    const std::string name = replace_all(file.stem().string(), "_", "-");
    if (!name.starts_with("changes-") || name == "changes-nothing") continue;
    INFO(name);
    CHECK(changed.contains(name));
    ++programs;
  }
  CHECK(programs == changed.size());
}

TEST_CASE("a setting changed in the middle fails the run, and the pin is named") {
  for (const auto& [program, pin] : changed) {
    Scratch folder;
    const auto printed = run_planted(folder, program);
    INFO(program << printed.out << printed.err);
    CHECK(printed.code == 2);
    const auto run = nlohmann::json::parse(printed.out)["runs"][0];
    CHECK(run["kind"] == "failed");
    CHECK(contains(run["reason"], "pin " + pin + " "));
    CHECK(contains(run["reason"], "step 4"));
    CHECK(contains(run["reason"], "wanted"));
  }
}

TEST_CASE("the clean twin is not accused") {
  Scratch folder;
  const auto printed = run_planted(folder, "changes-nothing");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
}
