// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "harness/launch/self_test_runs.h"
#include "plan/small_recipe.h"

using namespace reprise;

TEST_CASE("the short runs of a self-test train the recipe of the plan, and differ in one thing each") {
  Scratch scratch;
  Plan plan = small_recipe(scratch).defaults;
  plan.watch.keep = Keep::all;
  plan.resume_at = 7;
  const auto runs = self_test_runs(plan);
  REQUIRE(runs.size() == 7);
  std::set<std::string> ids;
  for (const auto& run : runs) {
    INFO(run.name);
    CHECK_NOTHROW(check_plan(run.plan));
    CHECK(recipe_id(run.plan) == recipe_id(plan));
    CHECK(last_step_of(run.plan) == 3);
    CHECK(run.plan.watch.keep == Keep::none);
    ids.insert(plan_id(run.plan));
  }
  CHECK(ids.size() == 6);  // clean and again are one plan, run twice
  CHECK(runs[0].name == "clean");
  CHECK(runs[0].plan.resume_at == 0);
  CHECK(runs[1].repeat == 2);
  CHECK(runs[2].plan.pins.at("seed") != plan.pins.at("seed"));
  CHECK(runs[3].plan.watch.injected == InjectedFault{"flip-bit", 2});
  CHECK(runs[4].plan.watch.injected == InjectedFault{"swap-samples", 2});
  CHECK(runs[5].plan.watch.ops.holds(0));
  CHECK(runs[5].plan.watch.ops.holds(3));
  CHECK(runs[6].plan.resume_at == 2);
}

TEST_CASE("a plan of one step is tested within that step") {
  Scratch scratch;
  Plan plan = small_recipe(scratch).defaults;
  plan.steps = 1;
  for (const auto& run : self_test_runs(plan)) {
    INFO(run.name);
    CHECK_NOTHROW(check_plan(run.plan));
    CHECK(last_step_of(run.plan) == 1);
  }
}
