// SPDX-License-Identifier: Apache-2.0
// How many runs a claim gets, and why, before any of them is made.
#include "harness/search/claim/claim_plan.h"

#include <catch2/catch.hpp>
#include <set>

#include "claim/made_claims.h"
#include "harness/judge/claim/power.h"
#include "harness/search/claim/holding.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Recipe made_recipe() {
  Recipe recipe;
  recipe.name = "small";
  Plan& plan = recipe.defaults;
  plan.recipe = plan.program = "small";
  plan.steps = plan.evaluate_every = 4;
  plan.batch = 2;
  plan.samples = 8;
  plan.pins = default_pins();
  plan.parameters["model"] = std::string("mlp");
  return recipe;
}

}  // namespace

TEST_CASE("runs of a claim have distinct seeds and distinct plans") {
  const ClaimPlan plan = plan_claim(made_recipe(), {}, made_claim(), 4, 1);
  REQUIRE(plan.runs.size() == 4);
  std::set<std::string> ids, seeds;
  for (const auto& run : plan.runs) {
    ids.insert(plan_id(run.plan));
    seeds.insert(run.plan.pins.at("seed"));
  }
  CHECK(ids.size() == 4);
  CHECK(seeds.size() == 4);
}

TEST_CASE("a published spread decides the number of runs, by power") {
  const Claim claim = made_claim(91.2, 0.3, SpreadKind::sd, 20);
  const ClaimPlan plan = plan_claim(made_recipe(), {}, claim, std::nullopt, 1);
  CHECK(plan.runs.size() == own_runs_needed(0.3, {0.3, 20, true}, 0.5).value());
  REQUIRE(plan.power.has_value());
  CHECK(*plan.power >= wanted_power);
  CHECK_THAT(plan.sentence, Contains("the power to show agreement within 0.500 % is 0.8"));
  CHECK(plan_claim(made_recipe(), {}, claim, std::nullopt, 4).runs.size() > plan.runs.size());
}

TEST_CASE("a claim that no number of runs can show is said to be so before the runs") {
  const ClaimPlan plan =
      plan_claim(made_recipe(), {}, made_claim(91.2, 0.3, SpreadKind::unknown, 5), std::nullopt, 1);
  CHECK(plan.runs.size() == usual_runs);
  CHECK_THAT(plan.sentence, Contains("no number of runs can show that the claim stands") &&
                                Contains("under every reading") && Contains("may show that it does not"));
}

TEST_CASE("without a published spread five runs measure it") {
  const ClaimPlan plan = plan_claim(made_recipe(), {}, made_claim(91.2, 2), std::nullopt, 1);
  CHECK(plan.runs.size() == 5);
  CHECK_FALSE(plan.power.has_value());
  CHECK_THAT(plan.sentence, Contains("no spread is published, so they measure it"));
}

TEST_CASE("what a claim sets is set in its runs, and a digest has the recipe's own seed") {
  Claim claim = made_claim();
  claim.set = {{"model", "cnn"}};
  const ClaimPlan plan = plan_claim(made_recipe(), {}, claim, 2, 1);
  CHECK(plan.runs[1].plan.parameters.at("model") == Scalar(std::string("cnn")));
  CHECK(plan.runs[1].name == "model=cnn seed=" + plan.seeds[1]);
  claim.kind = ClaimKind::digest;
  const ClaimPlan digest = plan_claim(made_recipe(), {}, claim, 7, 1);
  REQUIRE(digest.runs.size() == 1);
  CHECK(digest.runs[0].plan.pins == made_recipe().defaults.pins);
}

TEST_CASE("a proof is one run that keeps its checkpoints, at intervals that it has") {
  Claim claim = made_claim();
  claim.kind = ClaimKind::proof;
  claim.proof.interval = 2;
  claim.proof.pins = {{"threads", "2"}};
  const ClaimPlan plan = plan_claim(made_recipe(), {}, claim, 7, 1);
  REQUIRE(plan.runs.size() == 1);
  CHECK(plan.runs[0].plan.watch.keep == Keep::all);
  CHECK(plan.runs[0].plan.watch.checkpoint_every == 2);
  CHECK(plan.runs[0].plan.pins == made_recipe().defaults.pins);
  CHECK_THAT(plan.sentence,
             Contains("those 2 over which the weights move furthest are trained again with threads=2"));
  claim.proof.interval = 1000000;
  CHECK_THROWS_WITH(plan_claim(made_recipe(), {}, claim, 1, 1), Contains("wanted an interval of at most"));
}

TEST_CASE("the power is that of the reading that leaves the least") {
  const Claim unknown = made_claim(91.2, 0.3, SpreadKind::unknown, 20);
  const Claim as_se = made_claim(91.2, 0.3, SpreadKind::se, 20);
  CHECK(power_of(unknown, 0.3, 10) == power_of(as_se, 0.3, 10));
  CHECK(power_of(unknown, 0.3, 1) == 0);
}

TEST_CASE("a time budget is read with its unit, and nothing else is taken for one") {
  CHECK(budget_from("20m").count() == 1200);
  CHECK(budget_from("90s").count() == 90);
  CHECK(budget_from("1.5h").count() == 5400);
  CHECK(budget_from("60").count() == 60);
  for (const char* text : {"", "m", "0", "-5m", "soon", "20 minutes", "nan"})
    CHECK_THROWS_WITH(budget_from(text), Contains("wanted a time of a second or more after --budget"));
}
