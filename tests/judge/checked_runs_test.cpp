// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/checked_runs.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/judge/baseline/given_runs.h"
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
