// SPDX-License-Identifier: Apache-2.0
// One thing of each kind that docs/adding.md shows, added by its one file to programs that are otherwise the
// product's own (tests/CMakeLists.txt), and seen to work in them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/plan/recipe.h"
#include "program.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace fs = std::filesystem;

namespace {

Printed page(const Scratch& folder, const std::string& arguments) {
  return run_program(folder.path(), arguments, "", REPRISE_BIN "/page-reprise");
}

#ifdef REPRISE_PAGE_WORKER
constexpr std::string_view page_worker = REPRISE_PAGE_WORKER;
#else
constexpr std::string_view page_worker;
#endif

// A run by the worker that has the page's programs, faults and pins too.
Printed page_run(const Scratch& folder, const std::string& arguments) {
  if (page_worker.empty()) skip("this build has no LibTorch, and so no worker");
  return page(folder, arguments + " --worker '" + std::string(page_worker) + "' --json");
}

// A matrix that an older version made, with its runs.
void unpack_runs(const Scratch& folder) {
  const std::string line =
      "tar -xzf '" REPRISE_SOURCE "/tests/golden/runs-0.1.0.tgz' -C '" + folder.path().string() + "'";
  REQUIRE(std::system(line.c_str()) == 0);
}

bool lists(const json& shelf, const std::string& name) {
  return std::any_of(shelf.begin(), shelf.end(), [&](const json& row) { return row["name"] == name; });
}

}  // namespace

TEST_CASE("what is added by one file stands on its shelf, beside what was there") {
  const Scratch folder;
  const json all = json::parse(page(folder, "list --json").out);
  const json before = json::parse(run_program(folder.path(), "list --json").out);
  const std::pair<const char*, const char*> added[] = {
      {"axes", "interop-threads"}, {"pins", "example-rounding"},  {"faults", "turn-sign"},
      {"formats", "line"},         {"checkpoints", "raw floats"}, {"executors", "gentle"}};
  for (const auto& [shelf, name] : added) {
    INFO(shelf << " " << name);
    CHECK(lists(all[shelf], name));
    CHECK_FALSE(lists(before[shelf], name));
    CHECK(all[shelf].size() == before[shelf].size() + 1);
  }
}

TEST_CASE("an added axis varies its pin, and says what it promises") {
  const Scratch folder;
  const auto wrong = page(folder, "matrix waves --axis interop-threads=1,many");
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("pin interop-threads, found 'many'"));
}

TEST_CASE(
    "an added pin leaves the names of plans alone that do not set it, and is in the text of those that do") {
  const Scratch folder;
  const auto plain = page(folder, "run waves --plan");
  CHECK(plain.code == 0);
  CHECK(plain.out == run_program(folder.path(), "run waves --plan").out);
  const auto set = page(folder, "run waves --plan --pin example-rounding=fast");
  CHECK_THAT(set.out, Contains("example-rounding = \"fast\""));
  CHECK_THAT(page(folder, "run waves --plan --pin example-rounding=slow").err,
             Contains("wanted one of exact, fast"));
}

TEST_CASE("an added format and an added section are in the reports") {
  const Scratch folder;
  unpack_runs(folder);
  const auto made = page(folder, "report old --format line,md,html --output out");
  INFO(made.err);
  REQUIRE(made.code == 0);
  CHECK_THAT(content_of(folder / "out/report.txt"), Contains("waves: The bits move with "));
  for (const char* file : {"out/report.md", "out/report.html"})
    CHECK_THAT(content_of(folder / file), Contains("What was learned"));
  const json learned = json::parse(page(folder, "report old --json").out)["learned"];
  REQUIRE(learned.size() >= 2);
  CHECK(learned[0]["class"] == "A");
  CHECK(learned[0]["first"].is_number());
}

TEST_CASE("an added format of checkpoints is read by the commands that read any") {
  const Scratch folder;
  std::ofstream(folder / "a.floats") << "FLOATS\n12345678";
  std::ofstream(folder / "b.floats") << "FLOATS\n12345679";
  std::ofstream(folder / "c.floats") << "FLOATS\n123";
  CHECK_THAT(page(folder, "digest a.floats").out, Contains("floats"));
  CHECK(page(folder, "diff a.floats a.floats").code == 0);
  CHECK(page(folder, "diff a.floats b.floats").code == 1);
  const auto broken = page(folder, "digest c.floats");
  CHECK(broken.code == 2);
  CHECK_THAT(broken.err, Contains("3 bytes are not whole floats"));
}

TEST_CASE("an added system gets its job files, with the plans beside them") {
  const Scratch folder;
  const auto made = page(folder, "plan waves --axis threads=1,2 --emit lines --output batch");
  INFO(made.err);
  CHECK(made.code == 0);
  CHECK(content_of(folder / "batch/lines.sh") == "#!/bin/sh\nreprise leg batch 0\nreprise leg batch 1\n");
  CHECK(fs::exists(folder / "batch/plans/1.toml"));
  CHECK_THAT(run_program(folder.path(), "plan waves --emit lines").err, Contains("github, gitlab, k8s"));
}

TEST_CASE("an added command is a command, in the manual and for the shell too") {
  const Scratch folder;
  unpack_runs(folder);
  CHECK(page(folder, "count runs/f45c6105e4df9a95e33d8eeefdd088ae/1").out == "3\n");
  CHECK(page(folder, "count nowhere").code == 2);
  CHECK_THAT(page(folder, "--help").out, Contains("Print how many steps a trace holds"));
  CHECK_THAT(page(folder, "manual").out, Contains("count"));
  CHECK_THAT(page(folder, "completion bash").out, Contains("    count) words="));
}

TEST_CASE("an added recipe runs, on an added executor") {
  const Scratch folder;
  const auto printed =
      page_run(folder, "run '" REPRISE_PAGE "/recipes/waves-gru.toml' --set executor=gentle");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK(json::parse(printed.out)["runs"][0]["steps"] == 20);
}

TEST_CASE("an added native recipe runs, from its source and its TOML") {
  const Scratch folder;
  const auto printed = page_run(folder, "run '" REPRISE_PAGE "/recipes/line-fit.toml' --repeat 2");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const auto run = json::parse(printed.out)["runs"][0];
  CHECK(run["steps"] == 20);
  CHECK(run["metrics"]["slope"] > 0.5);
}

TEST_CASE("an added fault is injected by the self-test and found") {
  const Scratch folder;
  const auto printed = page_run(folder, "run '" REPRISE_PAGE "/recipes/waves-gru.toml' --self-test");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const json rows = json::parse(printed.out)["self_test"]["rows"];
  const auto row =
      std::find_if(rows.begin(), rows.end(), [](const json& one) { return one["name"] == "turn-sign"; });
  REQUIRE(row != rows.end());
  CHECK((*row)["sown"] == "the sign of one weight turned after step 2");
  CHECK((*row)["result"] == "found");
}

TEST_CASE("an added probe runs, and its repeats give the same digest") {
  const Scratch folder;
  std::ofstream(folder / "sum.toml")
      << "summary = \"sums\"\nprogram = \"probe/long-sum\"\n[train]\nsteps = 5\n"
         "batch = 1\nsamples = 1\nevaluate_every = 5\n[parameters]\noffset = 0\n[watch]\nkeep = \"none\"\n";
  const auto printed = page_run(folder, "run ./sum.toml --repeat 2");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  const json run = json::parse(printed.out)["runs"][0];
  CHECK(run["metrics"]["v_ermv"] == 0);
  CHECK(run["metrics"]["v_c"] == 0);
}

TEST_CASE("an added probe in Python is asked for causes like any operator") {
  const fs::path python = REPRISE_SOURCE "/.deps/venv/bin/python";
  if (!fs::exists(python)) skip("no Python with torch in .deps/venv (scripts/setup.sh makes it)");
  const Scratch folder;
  const auto printed = run_program(folder.path(), "probe '" REPRISE_PAGE
                                                  "/my_ops/harmonic_sum.py' --causes calls,threads --calls 3 "
                                                  "--json --quiet --python '" +
                                                      python.string() + "'");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const json row = json::parse(printed.out)["operators"][0];
  CHECK(row["name"] == "harmonic_sum");
  CHECK(row["cells"][0]["finding"] == "repeats");
  for (const auto& cell : row["cells"])
    if (cell["cause"] == "threads") CHECK(cell["finding"] == "varies");
}
