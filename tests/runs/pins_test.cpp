// SPDX-License-Identifier: Apache-2.0
// A recipe that changes a pinned setting in the middle of training fails its run, with that pin's name.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/trace/trace.h"
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

}  // namespace

TEST_CASE("a setting changed in the middle fails the run, and the pin is named") {
  const std::pair<const char*, const char*> planted[] = {{"changes-threads", "threads"},
                                                         {"changes-dtype", "default-dtype"},
                                                         {"changes-determinism", "deterministic"},
                                                         {"changes-environment", "mkl"}};
  for (const auto& [program, pin] : planted) {
    Scratch folder;
    const auto printed = run_planted(folder, program);
    INFO(program << printed.out << printed.err);
    CHECK(printed.code == 2);
    const auto run = nlohmann::json::parse(printed.out)["runs"][0];
    CHECK(run["kind"] == "failed");
    CHECK(contains(run["reason"], std::string("pin ") + pin + " "));
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
