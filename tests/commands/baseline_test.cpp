// SPDX-License-Identifier: Apache-2.0
// The life of a baseline as a person lives it: recorded, matched, left, blessed, with runs that died and runs
// that nobody made.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "program.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

void write_run(const fs::path& folder, const SmallTrace& made, const std::string& status = "done",
               const std::string& kind = "") {
  fs::create_directories(folder);
  write_small_trace(folder / "trace.h5", made);
  write_atomically(folder / "plan.toml", to_toml(plan_of(made)));
  write_atomically(folder / "outcome.toml", "status = \"" + status + "\"\nkind = \"" + kind +
                                                "\"\nreason = \"" +
                                                (kind.empty() ? "" : "the worker was ended by signal 9") +
                                                "\"\nlast_lines = []\nseconds = 1\npeak_bytes = 1\n");
}

Json checked(const Scratch& folder, const std::string& runs, int code) {
  const auto printed = run_program(folder.path(), "baseline check --json --all " + runs);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == code);
  return Json::parse(printed.out);
}

}  // namespace

TEST_CASE("a baseline is recorded, matched, left with the place of it, and blessed with a reason") {
  const Scratch folder;
  write_run(folder / "one/small/1", {});
  const auto recorded = run_program(folder.path(), "baseline record one");
  INFO(recorded.out << recorded.err);
  REQUIRE(recorded.code == 0);
  CHECK_THAT(recorded.out, Contains("recorded  baselines/small-"));
  CHECK(run_program(folder.path(), "baseline record one").out.starts_with("there"));
  CHECK(checked(folder, "one", 0)["checks"][0]["found"] == "match");

  write_run(folder / "two/small/1", {.parts_at = 4});
  const Json apart = checked(folder, "two", 1)["checks"][0];
  CHECK(apart["found"] == "mismatch");
  CHECK(apart["differs_at"] == 4);
  CHECK(apart["stage"] == "gradients");
  // The run of the baseline lies there still, so the tensor is told too.
  CHECK_THAT(apart["sentence"].get<std::string>(), Contains("at step 4 (gradients, fc1.weight)"));
  CHECK(apart["next_command"] == "reprise bisect one/small/1 two/small/1");
  const auto refused = run_program(folder.path(), "baseline record two");
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("nothing was recorded"));

  CHECK_THAT(run_program(folder.path(), "baseline bless two").err, Contains("wants --reason TEXT"));
  CHECK_THAT(run_program(folder.path(), "baseline bless two --reason ' '").err,
             Contains("found an empty one"));
  REQUIRE(run_program(folder.path(), "baseline bless two --reason 'the new library is right'").code == 0);
  CHECK(checked(folder, "two", 0)["checks"][0]["found"] == "match");
  CHECK(checked(folder, "one", 1)["checks"][0]["found"] == "mismatch");
  const auto list = run_program(folder.path(), "baseline list");
  CHECK_THAT(list.out, Contains("(1 earlier value)") && Contains("1 baseline\n"));
  CHECK_THAT(read_file(list_folder(folder / "baselines").front(), "baseline"),
             Contains("the new library is right"));
}

TEST_CASE("a run that died or was never made is untested, and nothing matches by its absence") {
  const Scratch folder;
  write_run(folder / "good/a/1", {});
  write_run(folder / "good/b/1", {.recipe = "other"});
  REQUIRE(run_program(folder.path(), "baseline record good").code == 0);
  write_run(folder / "night/a/1", {});
  write_run(folder / "night/b/1", {.recipe = "other"}, "untested", "killed");
  const Json night = checked(folder, "night", 2);
  REQUIRE(night["checks"].size() == 3);
  CHECK(night["checks"][0]["found"] == "match");
  CHECK(night["checks"][1]["found"] == "untested");
  CHECK(night["checks"][1]["sentence"] == "the worker was ended by signal 9");
  CHECK(night["checks"][2]["sentence"] == "no finished run of this plan is among those given");
  fs::remove(folder / "night/a/1/outcome.toml");
  CHECK(checked(folder, "night", 2)["checks"][0]["found"] == "untested");
}

TEST_CASE("runs of one plan that differ make no baseline, and nothing of them is kept") {
  const Scratch folder;
  write_run(folder / "runs/a/1", {});
  write_run(folder / "runs/a/2", {.parts_at = 3});
  const auto recorded = run_program(folder.path(), "baseline record runs");
  CHECK(recorded.code == 2);
  CHECK_THAT(recorded.err, Contains("a training that does not repeat has no baseline"));
  CHECK_FALSE(fs::exists(folder / "baselines"));
}

TEST_CASE("what is no baseline, no folder or no run is one sentence") {
  const Scratch folder;
  write_run(folder / "one", {});
  CHECK_THAT(run_program(folder.path(), "baseline check one").err, Contains("wanted a folder of baselines"));
  fs::create_directory(folder / "baselines");
  CHECK_THAT(run_program(folder.path(), "baseline check one --json").out,
             Contains("no baseline of small is there"));
  CHECK_THAT(run_program(folder.path(), "baseline check none").err, Contains("found no folder at none"));
  CHECK_THAT(run_program(folder.path(), "baseline check baselines").err,
             Contains("found no run in baselines"));
  write_atomically(folder / "baselines/a.toml", "format = \"reprise.baseline/2\"\n");
  const auto other = run_program(folder.path(), "baseline check one");
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Contains("a.toml") && Contains("this reprise reads no other"));
  CHECK_THAT(run_program(folder.path(), "baseline bless one --reason x").err, Contains("a.toml"));
  CHECK_THAT(run_program(folder.path(), "baseline").err, Contains("wants one of record, check"));
}

TEST_CASE("kinds of machines that agree or part are told by diff") {
  const Scratch folder;
  write_run(folder / "one", {});
  REQUIRE(run_program(folder.path(), "baseline record one").code == 0);
  const auto alone = run_program(folder.path(), "baseline diff");
  CHECK(alone.code == 2);
  CHECK_THAT(alone.err, Contains("found none to compare"));
  const auto path = list_folder(folder / "baselines").front();
  std::string text = read_file(path, "baseline");
  text.replace(text.find("\"a test\""), 8, "\"another\"");
  write_atomically(folder / "baselines/another.toml", text);
  const auto equal = run_program(folder.path(), "baseline diff");
  CHECK(equal.code == 0);
  CHECK_THAT(equal.out,
             Contains("equal  small: a test and another") || Contains("equal  small: another and a test"));
}
