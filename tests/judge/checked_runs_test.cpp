// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checked_runs.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/baseline/given_runs.h"
#include "harness/trace/files_seen.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::filesystem::path traced(const Scratch& folder, const std::string& name, const SmallTrace& made) {
  std::filesystem::create_directories(folder / name);
  write_small_trace(folder / name / "trace.h5", made);
  return folder / name;
}

}  // namespace

TEST_CASE("runs below a folder are found once, each with what it gave or why it gave nothing") {
  const Scratch folder;
  traced(folder, "runs/b/1", {});
  traced(folder, "runs/a/1", {.parts_at = 3});
  traced(folder, "runs/a/1/rank-1", {});  // part of that run, no run of its own
  write_atomically(folder / "runs/b/1/plan.toml", to_toml(plan_of({})));
  const auto runs = given_runs({(folder / "runs").string()});
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].folder == folder / "runs/a/1");
  CHECK_FALSE(runs[1].gave);
  CHECK_THAT(runs[1].trouble, Contains("it has no outcome"));
  CHECK(runs[1].recipe == "small");
  CHECK_THROWS_WITH(given_runs({(folder / "none").string()}), Contains("found no folder at"));
}

TEST_CASE("runs held against baselines are counted, and a baseline without a run is untested") {
  const Scratch folder;
  const auto one = given_runs({traced(folder, "one", {}).string()}),
             other = given_runs({traced(folder, "other", {.parts_at = 3}).string()}),
             another = given_runs({traced(folder, "another", {.recipe = "another"}).string()});
  const std::vector kept = {*one[0].gave, *another[0].gave};
  const std::vector all = {checked_run(one[0], kept), checked_run(other[0], kept)};
  CHECK(count_of(all, Held::match) == 1);
  CHECK(count_of(all, Held::mismatch) == 1);
  CHECK_THAT(all[1].next, Contains("reprise bisect"));
  CHECK(all[0].name == called(kept[0]));
  CHECK(reprise_of(kept[0]).empty());
  const auto missing = unchecked(one, kept);
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].name == "another");
  CHECK(missing[0].check.held == Held::untested);
  CHECK(checked_against(other[0], kept[1]).check.held == Held::mismatch);
}

namespace {

// A run of a command that read data.csv, which held what the digest says.
std::filesystem::path traced_reading(const Scratch& folder, const std::string& name, const SmallTrace& made,
                                     const std::string& sha256) {
  const auto run = traced(folder, name, made);
  write_start({{}, {}, "/work/project", {}, false, ""}, run);
  write_atomically(run / "files-1.jsonl",
                   R"({"path": "/work/project/data.csv", "first": "read", "bytes": 1, "identity": "1 5 9", )"
                   R"("sha256": ")" +
                       sha256 + "\"}\n");
  return run;
}

}  // namespace

TEST_CASE("a mismatch says which file the script found otherwise, and offers no rerun that cannot show it") {
  const Scratch folder;
  const auto before = given_runs({traced_reading(folder, "before", {}, "aa").string()}),
             now = given_runs({traced_reading(folder, "now", {.parts_at = 3}, "bb").string()}),
             alike = given_runs({traced_reading(folder, "alike", {.parts_at = 3}, "aa").string()});
  const std::vector kept = {*before[0].gave};
  const auto moved = checked_run(now[0], kept);
  CHECK(moved.check.held == Held::mismatch);
  REQUIRE(moved.check.changed.size() == 1);
  CHECK_THAT(moved.check.changed[0], Contains("data.csv held something else when the baseline's run began"));
  CHECK(moved.next.empty());
  CHECK_THAT(moved.pair.why_not, Contains("what the baseline's run read is not here any more"));
  const auto unknown = checked_run(alike[0], kept);
  CHECK(unknown.check.changed.empty());
  CHECK_THAT(unknown.next, Contains("reprise bisect"));
  CHECK(unknown.pair.before == before[0].gave->run);
}

TEST_CASE("where the baseline's run is gone, or another lies in its place, that is why nothing is named") {
  const Scratch folder;
  const auto before = given_runs({traced(folder, "before", {}).string()}),
             now = given_runs({traced(folder, "now", {.parts_at = 3}).string()});
  const std::vector kept = {*before[0].gave};
  traced(folder, "before", {.parts_at = 5});
  CHECK_THAT(checked_run(now[0], kept).pair.why_not, Contains("another run lies now where the one lay"));
  std::filesystem::remove_all(folder / "before");
  const auto gone = checked_run(now[0], kept);
  CHECK_THAT(gone.pair.why_not, Contains("does not lie here any more"));
  CHECK(gone.next.empty());
}

TEST_CASE("where the software changed, a rerun is offered only if both runs hold their operators") {
  const Scratch folder;
  const auto before = given_runs({traced(folder, "before", {}).string()}),
             now = given_runs({traced(folder, "now", {.parts_at = 3}).string()});
  Baseline other = *before[0].gave;
  other.software["library.made.so"] = "1";
  const auto moved = checked_run(now[0], {other});
  CHECK_THAT(moved.pair.why_not,
             Contains("the baseline's software is not here any more") && Contains("library.made.so"));
  CHECK(moved.next.empty());
  CHECK_FALSE(moved.pair.hold_operators);
}
