// SPDX-License-Identifier: Apache-2.0
// The runs that a law wants beside those of its seeds.
#include "harness/search/claim/law_runs.h"

#include <catch2/catch.hpp>
#include <set>

#include "claim/made_claims.h"
#include "harness/judge/claim/law.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Recipe recipe_of_sources() {
  Recipe recipe;
  recipe.name = "small";
  Plan& plan = recipe.defaults;
  plan.recipe = plan.program = "small";
  plan.steps = plan.evaluate_every = 40;
  plan.batch = 2;
  plan.samples = 8;
  plan.pins = default_pins();
  plan.parameters["weights_seed"] = std::int64_t{-1};
  return recipe;
}

ClaimPlan planned_for(const Recipe& recipe, const std::string& law) {
  Claim claim = made_claim(1, 0.3);
  claim.kind = ClaimKind::law;
  claim.name = claim.law = claim.metric = law;
  return plan_claim(recipe, {}, claim, 5, 1);
}

std::int64_t weights_seed_of(const Run& run) {
  return std::get<std::int64_t>(run.plan.parameters.at("weights_seed"));
}

}  // namespace

TEST_CASE("one source varies and the other stays that of the first seed, and no two runs are one plan") {
  const ClaimPlan weights = planned_for(recipe_of_sources(), "weights-alone"),
                  order = planned_for(recipe_of_sources(), "order-alone");
  REQUIRE(weights.runs.size() == 10);
  REQUIRE(order.runs.size() == 10);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < 10; ++i) {
    ids.insert(plan_id(weights.runs[i].plan));
    ids.insert(plan_id(order.runs[i].plan));
  }
  CHECK(ids.size() == 15);  // the five seeds are shared
  for (std::size_t i = 5; i < 10; ++i) {
    CHECK(weights.runs[i].plan.pins.at("seed") == weights.runs[0].plan.pins.at("seed"));
    CHECK(weights_seed_of(weights.runs[i]) == static_cast<std::int64_t>(i) - 4);
    CHECK(order.runs[i].plan.pins.at("seed") == std::to_string(i - 4));
    CHECK(weights_seed_of(order.runs[i]) == 0);
  }
  CHECK_THAT(weights.sentence, Contains("5 with seed 0 but initial weights of the seeds 1 to 5"));
  CHECK_THAT(order.sentence, Contains("5 with seeds 1 to 5 but initial weights of the seed 0"));
}

TEST_CASE("a recipe in which one source cannot vary alone is refused before any run") {
  Recipe recipe = recipe_of_sources();
  recipe.defaults.pins["batch-order"] = "sequential";
  CHECK_THROWS_WITH(planned_for(recipe, "order-alone"), Contains("wanted the pin batch-order=seeded"));
  recipe = recipe_of_sources();
  recipe.defaults.parameters.clear();
  CHECK_THROWS_WITH(planned_for(recipe, "weights-alone"), Contains("wanted a parameter weights_seed = -1"));
  CHECK(planned_for(recipe, "one-bit").runs.back().plan.watch.injected->step == 5);
  CHECK(planned_for(recipe, "independent-errors").runs.size() == 5);
}
