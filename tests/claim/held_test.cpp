// SPDX-License-Identifier: Apache-2.0
// What a claim is told of the runs held against it; first of all, what it is not told.
#include "harness/judge/claim/held.h"

#include <catch2/catch.hpp>

#include "claim/made_claims.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("the computed examples give their verdicts") {
  const auto told = [](std::size_t n, double mean, double sd, SpreadKind kind) {
    return hold_metric(made_claim(91.2, 0.3, kind, 5), made_runs(values_of(n, mean, sd)));
  };
  const HeldClaim stands = told(10, 91.1, .25, SpreadKind::sd);
  CHECK(stands.answer == ClaimAnswer::stands);
  CHECK(stands.finding == Finding::equivalent);
  CHECK(stands.readings.front().test.interval_low == Approx(-0.395737).margin(2e-6));
  CHECK_THAT(stands.sentence, Contains("table: stands") && Contains("within the margin of 0.500 %"));
  const HeldClaim differs = told(10, 90.4, .25, SpreadKind::sd);
  CHECK(differs.answer == ClaimAnswer::does_not_stand);
  CHECK(differs.finding == Finding::different);
  CHECK_THAT(differs.sentence, Contains("ours is worse"));
  const HeldClaim few = told(3, 91.0, .4, SpreadKind::sd);
  CHECK(few.answer == ClaimAnswer::cannot_tell);
  REQUIRE(few.needed.has_value());
  CHECK_THAT(few.sentence, Contains(std::to_string(*few.needed) + " runs would tell"));
  CHECK(told(10, 91.1, .25, SpreadKind::se).answer == ClaimAnswer::cannot_tell);
}

TEST_CASE("with the runs that are said to be needed, and all else equal, the claim is told") {
  const HeldClaim few =
      hold_metric(made_claim(91.2, 0.3, SpreadKind::sd, 5), made_runs(values_of(3, 91.0, .4)));
  REQUIRE(few.needed.has_value());
  const auto told = [&](std::size_t n) {
    return hold_metric(made_claim(91.2, 0.3, SpreadKind::sd, 5), made_runs(values_of(n, 91.0, .4))).answer;
  };
  CHECK(told(*few.needed) == ClaimAnswer::stands);
  CHECK(told(*few.needed - 1) == ClaimAnswer::cannot_tell);
}

TEST_CASE("a spread of unknown kind is judged under each reading, and told only where all agree") {
  const HeldClaim held =
      hold_metric(made_claim(91.2, 0.3, SpreadKind::unknown, 5), made_runs(values_of(10, 91.1, .25)));
  CHECK(held.readings.size() == 3);
  CHECK(held.answer == ClaimAnswer::cannot_tell);
  CHECK(held.too_imprecise);
  CHECK_THAT(held.sentence, Contains("equivalent as SD, inconclusive as SE") && Contains("too imprecise"));
  const HeldClaim far =
      hold_metric(made_claim(91.2, 0.3, SpreadKind::unknown, 5), made_runs(values_of(10, 80, .25)));
  CHECK(far.answer == ClaimAnswer::does_not_stand);
}

TEST_CASE("a difference that is merely not 0 is not enough to say that a claim does not stand") {
  const HeldClaim held =
      hold_metric(made_claim(90, 0.3, SpreadKind::sd, 5), made_runs(values_of(5, 90.55, .3)));
  CHECK(held.readings.front().test.welch_p < 0.05);
  CHECK(held.answer == ClaimAnswer::cannot_tell);
}

TEST_CASE("runs with equal bits count once") {
  auto runs = made_runs(values_of(10, 91.2, .1));
  for (auto& run : runs) run.identity = "the same";
  const HeldClaim held = hold_metric(made_claim(91.2, 0.1, SpreadKind::sd, 5), runs);
  CHECK(held.answer == ClaimAnswer::cannot_tell);
  CHECK(held.ours.n == 1);
  CHECK_THAT(held.sentence, Contains("all 10 runs have equal bits") && Contains("{seed}"));
  // Two values ten times each are no twenty runs.
  std::vector<ClaimRun> twice;
  for (int i = 0; i < 10; ++i)
    for (const double value : {91.15, 91.25}) {
      twice.push_back(made_run(twice.size() + 1, {value}));
      twice.back().identity = number_text(value);
    }
  const HeldClaim two = hold_metric(made_claim(91.2, 0.1, SpreadKind::sd, 5), twice);
  CHECK(two.ours.n == 2);
  CHECK(two.runs.size() == 20);
  CHECK(two.runs[2].same_as == "seed=1");
}

TEST_CASE("a run that failed, or gave no finite number, withholds the verdict") {
  auto runs = made_runs(values_of(10, 91.1, .25));
  const Claim claim = made_claim(91.2, 0.3, SpreadKind::sd, 5);
  SECTION("it failed") {
    runs[3].outcome = {Ending::failed, "exit code 1", {}, 0, 0};
    const HeldClaim held = hold_metric(claim, runs);
    CHECK(held.answer == ClaimAnswer::cannot_tell);
    CHECK_THAT(held.sentence, Contains("seed=4 was started") && Contains("exit code 1"));
  }
  SECTION("the metric is missing in one") {
    runs[3].values.clear();
    runs[3].trouble = "it reports loss";
    CHECK_THAT(hold_metric(claim, runs).sentence, Contains("seed=4 has no accuracy: it reports loss"));
  }
  SECTION("one value is not finite") {
    runs[3].values = {91, NAN, 91};
    const HeldClaim held = hold_metric(claim, runs);
    CHECK(held.answer == ClaimAnswer::cannot_tell);
    CHECK_THAT(held.sentence, Contains("seed=4 has no accuracy: its value 2 of 3 is not a finite number"));
  }
  SECTION("runs that were stopped because the time was used up do not") {
    runs[3].outcome = {Ending::interrupted, "the time was used up", {}, 0, 0};
    runs[3].stopped = true;
    const HeldClaim held = hold_metric(claim, runs);
    CHECK(held.answer == ClaimAnswer::stands);
    CHECK(held.ours.n == 9);
  }
}

TEST_CASE("fewer than two runs measure no spread") {
  CHECK_THAT(hold_metric(made_claim(), made_runs({91.2})).sentence, Contains("two at least are needed"));
  CHECK(hold_metric(made_claim(), {}).answer == ClaimAnswer::cannot_tell);
  CHECK(hold_metric(made_claim(), {}).finding == Finding::untested);
}

TEST_CASE("a metric that never moves shows nothing of a number published without a spread") {
  const HeldClaim held = hold_metric(made_claim(10), made_runs({10, 10, 10, 10}));
  CHECK(held.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(held.sentence, Contains("exactly 10.000 %"));
}

TEST_CASE("one published number is one draw: its own noise counts") {
  const HeldClaim vague = hold_metric(made_claim(91.2, 0.5), made_runs(values_of(50, 91.2, .5)));
  CHECK(vague.answer == ClaimAnswer::cannot_tell);
  CHECK(vague.too_imprecise);
  CHECK_THAT(vague.sentence, Contains("no number of runs can show that it stands"));
  CHECK(hold_metric(made_claim(91.2, 2), made_runs(values_of(10, 91.2, .5))).answer == ClaimAnswer::stands);
}

TEST_CASE("a better result than published is another result too, and said to be better") {
  const HeldClaim held = hold_metric(made_claim(), made_runs(values_of(5, 97, .1)));
  CHECK(held.answer == ClaimAnswer::does_not_stand);
  CHECK_THAT(held.sentence, Contains("ours is better"));
}

TEST_CASE("the best of several seeds is held against what the best of as many would be") {
  Claim claim = made_claim(91.2 + 1.5388 * 0.25, 1.0);
  claim.statistic = Statistic::best_seed;
  claim.n_seeds = 10;
  const HeldClaim held = hold_metric(claim, made_runs(values_of(20, 91.2, .25)));
  CHECK(held.our_value == Approx(claim.value).margin(1e-3));
  CHECK(held.answer == ClaimAnswer::stands);
  claim.higher_is_better = false;
  CHECK(hold_metric(claim, made_runs(values_of(20, 91.2, .25))).our_value ==
        Approx(91.2 - 1.5388 * 0.25).margin(1e-3));
}

TEST_CASE("what is taken of each run is what the claim says") {
  Claim claim = made_claim(90);
  claim.take = Take::max;
  std::vector<ClaimRun> runs = {made_run(1, {80, 91, 85}), made_run(2, {80, 92, 86})};
  CHECK(hold_metric(claim, runs).ours.mean == Approx(91.5));
  claim.take = Take::last;
  CHECK(hold_metric(claim, runs).ours.mean == Approx(85.5));
  claim.take = Take::median;
  CHECK(hold_metric(claim, runs).ours.mean == Approx(85.5));
}

TEST_CASE("several claims at once are adjusted by Holm, and what does not bear it cannot be told") {
  std::vector<HeldClaim> claims;
  for (int i = 0; i < 8; ++i)
    claims.push_back(
        hold_metric(made_claim(91.2, 0.3, SpreadKind::sd, 5), made_runs(values_of(10, 91.1, .25))));
  CHECK(claims.front().answer == ClaimAnswer::stands);
  CHECK(claims.front().p == Approx(0.018790).margin(6e-7));
  adjust(claims);
  for (const auto& one : claims) {
    CHECK(one.answer == ClaimAnswer::cannot_tell);
    CHECK(one.adjusted_p == Approx(8 * 0.018790).margin(6e-6));
    CHECK_THAT(one.sentence, Contains("8 claims tested at once"));
  }
  CHECK(exit_code_of(claims) == 2);
}

TEST_CASE("the exit code is that of the worst claim") {
  HeldClaim stands, not_told, differs;
  stands.answer = ClaimAnswer::stands;
  differs.answer = ClaimAnswer::does_not_stand;
  CHECK(exit_code_of({stands}) == 0);
  CHECK(exit_code_of({stands, not_told}) == 2);
  CHECK(exit_code_of({stands, not_told, differs}) == 1);
  CHECK(exit_code_of(std::vector<HeldClaim>{}) == 2);
}

TEST_CASE("a published digest is held against what every run left") {
  Claim claim;
  claim.name = "weights";
  claim.kind = ClaimKind::digest;
  claim.artifact = "trained_weights";
  claim.sha256 = std::string(64, 'a');
  auto runs = made_runs({1, 2});
  for (auto& run : runs) run.artifact = claim.sha256;
  CHECK(hold_digest(claim, runs).answer == ClaimAnswer::stands);
  CHECK(hold_digest(claim, runs).finding == Finding::identical);
  runs[1].artifact = std::string(64, 'b');
  const HeldClaim other = hold_digest(claim, runs);
  CHECK(other.answer == ClaimAnswer::does_not_stand);
  CHECK_THAT(other.sentence, Contains("bbbbbbbbbbbb") && Contains("published is aaaaaaaaaaaa"));
  runs[1].artifact = "";
  CHECK(hold_digest(claim, runs).answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(hold_digest(claim, runs).sentence, Contains("left no 'trained_weights'"));
  CHECK(hold_digest(claim, {}).answer == ClaimAnswer::cannot_tell);
}

TEST_CASE("a published spread below the noise floor is remarked") {
  Claim claim = made_claim(91.2, 0.01, SpreadKind::sd, 5);
  claim.test_n = 10000;
  claim.classes = 10;
  const HeldClaim held = hold_metric(claim, made_runs(values_of(10, 91.2, .15)));
  CHECK(std::ranges::any_of(held.remarks,
                            [](const auto& one) { return one.find("far below that floor") != one.npos; }));
}

TEST_CASE("runs of one training are said to be one, of some weights how many, and neither has a verdict") {
  auto runs = made_runs(values_of(5, 91.2, 0.1));
  CHECK(hold_metric(made_claim(), runs).trainings == 0);
  for (auto& run : runs) run.weights = "w";
  const HeldClaim one = hold_metric(made_claim(), runs);
  CHECK(one.trainings == 1);
  CHECK(one.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(one.sentence, Contains("the 5 distinct runs that count end with equal weights"));
  CHECK_THAT(join(one.remarks, " "), Contains("they are one training, evaluated 5 times"));
  runs[0].weights = "v";
  const HeldClaim two = hold_metric(made_claim(), runs);
  CHECK(two.trainings == 2);
  CHECK(two.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(two.sentence, Contains("end with only 2 different weights"));
  CHECK_THAT(join(two.remarks, " "), Contains("end with 2 different weights"));
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].weights = std::to_string(i);
  const HeldClaim all = hold_metric(made_claim(), runs);
  CHECK_THAT(all.sentence + join(all.remarks, " "), !Contains("different weights"));
}
