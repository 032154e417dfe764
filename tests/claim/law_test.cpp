// SPDX-License-Identifier: Apache-2.0
// Laws over many runs, on predictions that are made up so that the law is known to hold or not.
#include "harness/judge/claim/law.h"

#include <catch2/catch.hpp>

#include "claim/made_claims.h"
#include "harness/base/files.h"
#include "harness/base/philox.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr std::size_t examples = 400;

// A share in [0, 1), the same for the same arguments.
double share(std::uint64_t run, std::uint64_t example) {
  return static_cast<double>(Philox{run, Stream::data, 0}.uniform(example));
}

// Labels 0 to 9 in turn; a run errs where `errs` says so, by one class.
template <class Errs>
ClaimRun run_that(std::size_t seed, const Errs& errs) {
  ClaimRun run = made_run(seed, {});
  Predictions made;
  for (std::size_t i = 0; i < examples; ++i) {
    const auto label = static_cast<std::int64_t>(i % 10);
    made.label.push_back(label);
    made.predicted.push_back(errs(i) ? (label + 5) % 10 : label);
  }
  run.predictions = made;
  return run;
}

Claim law_claim(const std::string& law, double value, double margin) {
  Claim claim = made_claim(value, margin);
  claim.kind = ClaimKind::law;
  claim.name = claim.law = claim.metric = law;
  claim.unit = "";
  claim.statistic = Statistic::mean;
  return claim;
}

std::vector<ClaimRun> independent_runs(std::size_t count) {
  std::vector<ClaimRun> runs;
  for (std::size_t seed = 1; seed <= count; ++seed)
    runs.push_back(run_that(seed, [&](std::size_t i) { return share(1000 + seed, i) < 0.1; }));
  return runs;
}

// Two classes; of each example labels and predictions are drawn with one probability: the runs are
// calibrated, as the theorem wants them.
std::vector<ClaimRun> calibrated_runs(std::size_t count) {
  std::vector<ClaimRun> runs;
  for (std::size_t seed = 1; seed <= count; ++seed) {
    ClaimRun run = made_run(seed, {});
    Predictions made;
    for (std::size_t i = 0; i < examples; ++i) {
      const double first = share(998, i);
      made.label.push_back(share(999, i) < first ? 0 : 1);
      made.predicted.push_back(share(1000 + seed, i) < first ? 0 : 1);
    }
    run.predictions = made;
    runs.push_back(run);
  }
  return runs;
}

// Whole runs are good or bad: examples do not err by themselves.
std::vector<ClaimRun> dependent_runs(std::size_t count) {
  std::vector<ClaimRun> runs;
  for (std::size_t seed = 1; seed <= count; ++seed)
    runs.push_back(
        run_that(seed, [&](std::size_t i) { return share(seed, i) < (seed % 2 == 0 ? 0.05 : 0.3); }));
  return runs;
}

}  // namespace

TEST_CASE("independent errors are told from errors that come together") {
  for (const std::string law : {"independent-errors", "two-class-variance"}) {
    INFO(law);
    const bool two = law == "two-class-variance";
    const HeldClaim holds =
        hold_law(law_claim(law, 1, 0.35), two ? calibrated_runs(80) : independent_runs(80));
    INFO(holds.sentence);
    CHECK(holds.answer == ClaimAnswer::stands);
    CHECK_THAT(holds.sentence, Contains("over 80 distinct runs") && !Contains("SD"));
    const HeldClaim broken = hold_law(law_claim(law, 1, 0.35), dependent_runs(80));
    INFO(broken.sentence);
    CHECK(broken.answer == ClaimAnswer::does_not_stand);
    CHECK_THAT(broken.sentence, !Contains("worse") && !Contains("better"));
  }
}

TEST_CASE("a value that was measured over few runs is less certain than a formula") {
  Claim measured = law_claim("independent-errors", 1, 0.35);
  const HeldClaim formula = hold_law(measured, independent_runs(80));
  measured.n_seeds = 3;
  const HeldClaim few = hold_law(measured, independent_runs(80));
  CHECK(few.readings.front().test.standard_error > 2 * formula.readings.front().test.standard_error);
  CHECK(few.answer == ClaimAnswer::cannot_tell);
}

TEST_CASE("one flipped bit is as good as a new seed only where runs disagree as much") {
  const auto both = [](bool far) {
    auto runs = independent_runs(20);
    for (std::size_t i = 1; i <= 20; ++i) {
      const std::size_t seed = 100 + i;
      auto run = run_that(seed, [&](std::size_t at) {
        return far ? share(seed, at) < 0.1 : share(1, at) < 0.1 || share(seed, at) < 0.005;
      });
      run.beside = true;
      run.name = "flipped-after=" + std::to_string(i);
      runs.push_back(run);
    }
    return runs;
  };
  const HeldClaim as_much = hold_law(law_claim("one-bit", 1, 0.2), both(true));
  INFO(as_much.sentence);
  CHECK(as_much.answer == ClaimAnswer::stands);
  CHECK(as_much.runs.size() == 40);
  CHECK(as_much.runs.back().counted_with == "seed=20");
  CHECK(as_much.ours.n == 20);
  const HeldClaim less = hold_law(law_claim("one-bit", 1, 0.2), both(false));
  INFO(less.sentence);
  CHECK(less.answer == ClaimAnswer::does_not_stand);
}

TEST_CASE("one source of noise is as much as all of them only where runs vary as much") {
  for (const std::string law : {"weights-alone", "order-alone"}) {
    INFO(law);
    // Runs that err by one rate each vary, beside those that vary too or hardly do.
    const auto both = [](bool as_much) {
      auto runs = independent_runs(60);
      for (std::size_t seed = 101; seed <= 160; ++seed) {
        ClaimRun run = run_that(
            seed, [&](std::size_t at) { return share(as_much ? 1000 + seed : 5, at) < 0.1 || at == seed; });
        run.predictions->loss = 0.3 + 0.01 * static_cast<double>(seed % 2);
        run.beside = true;
        runs.push_back(run);
      }
      return runs;
    };
    const HeldClaim holds = hold_law(law_claim(law, 1, 0.5), both(true));
    INFO(holds.sentence);
    CHECK(holds.answer == ClaimAnswer::stands);
    CHECK(holds.ours.n == 60);
    const HeldClaim broken = hold_law(law_claim(law, 1, 0.5), both(false));
    INFO(broken.sentence);
    CHECK(broken.answer == ClaimAnswer::does_not_stand);
    REQUIRE(broken.rows.size() == 2);
    CHECK(broken.rows[0].varied == "everything");
    CHECK_FALSE(broken.rows[0].loss_sd.has_value());
    CHECK(broken.rows[1].loss_sd.value() == Approx(0.005));
    CHECK(broken.rows[1].disagreement < broken.rows[0].disagreement);
    CHECK(broken.rows[1].accuracy_sd < broken.rows[0].accuracy_sd);
  }
}

TEST_CASE("the pseudo-values of a mean are the values themselves") {
  const Law mean{
      .summary = "the mean error", .source = "", .beside = Varied::none, .ratio = [](const LawRuns& runs) {
        double sum = 0, count = 0;
        for (const auto* run : runs.reseeded)
          for (std::size_t i = 0; i < run->label.size(); ++i, ++count)
            sum += run->predicted[i] != run->label[i] ? 1 : 0;
        return sum / count;
      }};
  const auto runs = independent_runs(5);
  LawRuns law_runs;
  for (const auto& run : runs) law_runs.reseeded.push_back(&*run.predictions);
  const auto values = pseudo_values(mean, law_runs);
  REQUIRE(values.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    const auto& one = *runs[k].predictions;
    double errors = 0;
    for (std::size_t i = 0; i < examples; ++i) errors += one.predicted[i] != one.label[i] ? 1 : 0;
    CHECK(values[k] == Approx(errors / examples).margin(1e-12));
  }
}

TEST_CASE("a law is not told without the predictions of every run that was started") {
  auto runs = independent_runs(10);
  runs[3].predictions.reset();
  runs[3].no_predictions = "it left no predictions.safetensors";
  const HeldClaim lacking = hold_law(law_claim("independent-errors", 1, 0.45), runs);
  CHECK(lacking.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(lacking.sentence, Contains("seed=4 has no predictions by test example: it left no"));
  runs = independent_runs(10);
  runs[3].outcome.ending = Ending::failed;
  runs[3].outcome.reason = "no memory";
  CHECK_THAT(hold_law(law_claim("independent-errors", 1, 0.45), runs).sentence,
             Contains("seed=4 was started and did not come to its end (no memory)"));
  runs = independent_runs(10);
  runs[3].predictions->label.pop_back();
  CHECK_THAT(hold_law(law_claim("independent-errors", 1, 0.45), runs).sentence,
             Contains("the same test examples"));
}

TEST_CASE("runs of equal bits count once for a law, and too few are not judged") {
  auto runs = independent_runs(40);
  runs[1] = runs[0];
  runs[1].name = "seed=2";
  const HeldClaim held = hold_law(law_claim("independent-errors", 1, 0.45), runs);
  CHECK(held.ours.n == 39);
  CHECK(held.runs.size() == 40);
  CHECK(held.runs.back().same_as == "seed=1");
  CHECK_THAT(held.remarks.back(), Contains("1 run not counted: with the bits of an earlier one"));
  CHECK_THAT(hold_law(law_claim("independent-errors", 1, 0.45), independent_runs(2)).sentence,
             Contains("three at least"));
}

TEST_CASE("an accuracy is told whether its examples err by themselves, where the predictions are there") {
  Claim claim = made_claim(90, 5);
  claim.test_n = examples;
  auto runs = independent_runs(10);
  for (auto& run : runs)
    run.values = {90 + share(7, run.seed.size() + static_cast<std::size_t>(std::stoi(run.seed)))};
  const auto remark = [&](const HeldClaim& held) {
    std::string all;
    for (const auto& one : held.remarks) all += one + "\n";
    return all;
  };
  CHECK_THAT(remark(hold_metric(claim, runs)),
             Contains("If examples erred independently of one another it would be"));
  runs[2].predictions.reset();
  CHECK_THAT(remark(hold_metric(claim, runs)), Contains("not checked: not all runs kept"));
}

TEST_CASE("a claim of a law names a law, a value and a margin") {
  const auto told = [](const std::string& lines) {
    const Scratch scratch;
    write_atomically(scratch / "small.toml",
                     "summary = \"small\"\nprogram = \"small\"\n[train]\nsteps = 20\nbatch = 2\nsamples = 8\n"
                     "[parameters]\nlr = 0.1\n[[claim]]\nname = \"law\"\nkind = \"law\"\n" +
                         lines);
    try {
      const auto claims = claims_of(read_recipe(scratch / "small.toml"));
      return claims.front().law + " " + claims.front().metric;
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  const std::string rest = "value = 1\nmargin = 0.2\nmargin_reason = \"a fifth\"\n";
  CHECK(told("law = \"one-bit\"\n" + rest) == "one-bit one-bit");
  CHECK_THAT(told("law = \"one-bits\"\n" + rest), Contains("no law named 'one-bits'") && Contains("one-bit"));
  CHECK_THAT(told(rest), Contains("law"));
  CHECK_THAT(told("law = \"one-bit\"\nvalue = 1\n"), Contains("wanted a margin"));
  CHECK_THAT(told("law = \"one-bit\"\nunit = \"%\"\n" + rest), Contains("unit"));
}

TEST_CASE("every law says what it is of and who states it, and has no value where nothing varies") {
  std::vector<ClaimRun> constant;
  for (std::size_t seed = 1; seed <= 5; ++seed)
    constant.push_back(run_that(seed, [](std::size_t) { return false; }));
  LawRuns runs;
  for (const auto& run : constant) runs.reseeded.push_back(&*run.predictions);
  for (const auto& [name, law] : laws_shelf()) {
    INFO(name);
    CHECK(std::string(law->summary).size() > 20);
    CHECK(std::string(law->source).find("arXiv") != std::string::npos);
    if (law->beside != Varied::none) runs.beside = runs.reseeded;
    CHECK_THROWS_AS(law->ratio(runs), Error);
    runs.beside.clear();
  }
}
