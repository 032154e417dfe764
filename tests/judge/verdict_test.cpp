// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/verdict.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "harness/base/error.h"
#include "judge/matrices.h"

using namespace reprise;

namespace {

const Factor repeat{"repeat", {"1", "2"}, Promise::bitwise};
const Factor threads{"threads", {"1", "2"}, Promise::numeric};
const Factor seed{"seed", {"0", "1"}, Promise::statistical};

Verdict judged(const HandMade& made) { return judge(made.diff, made.matrix, accuracy); }

}  // namespace

TEST_CASE("equal runs keep every promise and end with 0") {
  const auto verdict = judged(hand_made({repeat, threads}, {{"baseline", {"1", "1"}},
                                                            {"repeat=2", {"2", "1"}},
                                                            {"threads=2", {"1", "2"}},
                                                            {"threads=2 repeat=2", {"2", "2"}}}));
  CHECK(verdict.exit_code == 0);
  CHECK(verdict.tested == 4);
  CHECK(verdict.headline == "All 4 runs are identical, bit for bit, from the first step to the last.");
  CHECK(verdict.explaining_sets.empty());
  for (const auto& factor : verdict.factors) {
    CHECK(factor.finding == Finding::identical);
    CHECK(factor.kept);
    CHECK_FALSE(factor.moved);
    CHECK(factor.found == "did not move the bits");
  }
}

TEST_CASE("a broken bitwise promise is found, comes first in the headline and ends with 1") {
  auto made = hand_made({repeat, threads}, {{"baseline", {"1", "1"}},
                                            {"repeat=2", {"2", "1"}, 1},
                                            {"threads=2", {"1", "2"}},
                                            {"threads=2 repeat=2", {"2", "2"}}});
  made.parts(0, 1, 7, "weights", "fc2.bias");
  const auto verdict = judged(made);
  CHECK(verdict.exit_code == 1);
  CHECK(verdict.headline ==
        "Two runs of the same plan differ: baseline and repeat=2 part at step 7 (weights, fc2.bias).");
  const auto& factor = verdict.factors[0];
  CHECK(factor.finding == Finding::identical_until);
  CHECK_FALSE(factor.kept);
  CHECK(factor.moved);
  CHECK(factor.values[0].step == 7);
  CHECK(factor.values[0].sentence ==
        "moved the bits at step 7 (weights, fc2.bias) in 1 of 2 pairs of runs, though it must not");
  CHECK_FALSE(verdict.explained);
  CHECK(verdict.explaining_sets.empty());
}

TEST_CASE("a numeric factor that moves the bits with one run a side is inconclusive and ends with 1") {
  const auto verdict =
      judged(hand_made({threads, repeat}, {{"baseline", {"1", "1"}}, {"threads=2", {"2", "1"}, 1, 90.1}}));
  const auto& factor = verdict.factors[0];
  CHECK(factor.finding == Finding::inconclusive);
  CHECK(factor.moved);
  CHECK(factor.found == "2 differs at step 1 (cause untested)");
  CHECK(
      factor.values[0].sentence ==
      "differs at step 1 (gradients, fc1.weight); 1 distinct run a side; at least 2 a side are needed to "
      "measure the spread of accuracy: add --axis seed=0,1,2 --design full; no plan was seen to repeat that "
      "far, so what it does is untested");
  CHECK(verdict.factors[1].finding == Finding::untested);
  CHECK(verdict.exit_code == 1);
  CHECK(verdict.headline ==
        "Runs that differ in threads have other bits; no plan was repeated, so whether that is the reason is "
        "untested.");
  CHECK(verdict.explaining_sets.empty());
}

TEST_CASE("what parts runs is named only as far as a plan was seen to repeat") {
  const auto made = hand_made({threads}, {{"baseline", {"1"}}, {"threads=2", {"2"}, 1}});
  const auto headline = [&](const RepeatEvidence& repeats) {
    return judge(made.diff, made.matrix, accuracy, {}, repeats).headline;
  };
  CHECK(headline({3, false}) == "The bits move with threads.");
  CHECK(headline({0, false}) != "The bits move with threads.");
  CHECK(headline({-1, true}) ==
        "Two equal plans gave other bits in the self-test, so what threads does to the bits is untested.");
  const auto shown = judge(made.diff, made.matrix, accuracy, {}, {3, false});
  CHECK(shown.factors[0].found == "2 moved them at step 1");
  CHECK(shown.explaining_sets == std::vector<std::vector<std::string>>{{"threads"}});
}

TEST_CASE("a broken promise of equal bits is inconclusive where nothing was repeated") {
  const Factor resume{"resume", {"never", "2"}, Promise::bitwise};
  const auto verdict = judged(hand_made({resume}, {{"baseline", {"never"}}, {"resume=2", {"2"}, 1}}));
  CHECK(verdict.factors[0].finding == Finding::inconclusive);
  CHECK(verdict.exit_code == 1);
}

TEST_CASE("repeats of equal bits count once: they measure no spread") {
  const auto verdict = judged(hand_made({threads, repeat}, {{"baseline", {"1", "1"}},
                                                            {"repeat=2", {"1", "2"}},
                                                            {"threads=2", {"2", "1"}, 1, 90.1},
                                                            {"threads=2 repeat=2", {"2", "2"}, 1, 90.1}}));
  CHECK(verdict.factors[0].finding == Finding::inconclusive);
  CHECK(verdict.factors[0].values[0].sentence.find("1 distinct run a side") != std::string::npos);
  CHECK(verdict.factors[1].finding == Finding::identical);
}

TEST_CASE("once the spread is known the number of runs that are needed is said") {
  const Factor seeds{"seed", {"0", "1", "2"}, Promise::statistical};
  const auto verdict = judged(hand_made({threads, seeds}, {{"baseline", {"1", "0"}, 0, 90},
                                                           {"threads=2", {"2", "0"}, 1, 90.1},
                                                           {"seed=1", {"1", "1"}, 2, 91},
                                                           {"seed=2", {"1", "2"}, 3, 89}}));
  CHECK(verdict.factors[0].finding == Finding::inconclusive);
  CHECK(
      verdict.headline ==
      "Runs that differ in threads and seed have other bits; no plan was repeated, so whether these are the "
      "reason is untested.");
  // sd 1, margin 0.5: 17.1 * 4 = 68.4
  CHECK(
      verdict.factors[0].values[0].sentence ==
      "differs at step 1 (gradients, fc1.weight); 3 and 1 distinct runs on the two sides; about 69 a "
      "side are "
      "needed for a margin of 0.5 % (accuracy varies by 1 % over 3 runs): give --axis seed more values, with "
      "--design full; no plan was seen to repeat that far, so what it does is untested");
  CHECK(verdict.factors[1].finding == Finding::as_meant);
}

namespace {

// Threads 1 and 2 under three seeds each: six classes; `shift` moves the second side's metric.
HandMade two_sides(double shift, double spread) {
  const Factor seeds{"seed", {"0", "1", "2"}, Promise::statistical};
  return hand_made({threads, seeds}, {{"baseline", {"1", "0"}, 0, 90},
                                      {"seed=1", {"1", "1"}, 1, 90 + spread},
                                      {"seed=2", {"1", "2"}, 2, 90 - spread},
                                      {"threads=2", {"2", "0"}, 3, 90 + shift},
                                      {"threads=2 seed=1", {"2", "1"}, 4, 90 + shift + spread},
                                      {"threads=2 seed=2", {"2", "2"}, 5, 90 + shift - spread}});
}

}  // namespace

TEST_CASE("bits that move within the margin are equivalent and end with 0") {
  const auto verdict = judged(two_sides(0.01, 0.1));
  CHECK(verdict.factors[0].finding == Finding::equivalent);
  CHECK(verdict.factors[0].kept);
  CHECK(verdict.factors[0].moved);
  CHECK(verdict.exit_code == 0);
  CHECK(verdict.factors[0].values[0].sentence.find("accuracy differs by 0.01 %") != std::string::npos);
}

TEST_CASE("a metric beyond the margin breaks a numeric promise") {
  const auto verdict = judged(two_sides(2, 0.1));
  CHECK(verdict.factors[0].finding == Finding::different);
  CHECK_FALSE(verdict.factors[0].kept);
  CHECK(verdict.exit_code == 1);
}

TEST_CASE("a spread wider than the margin is inconclusive and says how many runs are needed") {
  const auto verdict = judged(two_sides(0.01, 1));
  CHECK(verdict.factors[0].finding == Finding::inconclusive);
  CHECK(verdict.factors[0].kept);
  CHECK(verdict.exit_code == 1);
  CHECK(verdict.factors[0].values[0].sentence.find("about 69 a side are needed") != std::string::npos);
}

TEST_CASE("a metric that is not a number, or is not there, is inconclusive") {
  auto made = two_sides(0.01, 0.1);
  made.diff.traces[4].final_metrics["accuracy"] = std::nan("");
  CHECK(judged(made).factors[0].values[0].sentence.find("accuracy is not a number in some run") !=
        std::string::npos);
  for (auto& trace : made.diff.traces) trace.final_metrics.clear();
  CHECK(judged(made).factors[0].values[0].sentence.find("accuracy was not reported on both sides") !=
        std::string::npos);
  const auto without = judge(made.diff, made.matrix, std::nullopt);
  CHECK(without.factors[0].finding == Finding::inconclusive);
  CHECK(without.factors[0].values[0].sentence.find("declares no metric") != std::string::npos);
}

TEST_CASE("the constant metric of a training that came to nothing is no equivalence") {
  auto made = two_sides(0, 0.1);
  made.diff.traces[4].first_nan = 2;
  CHECK(judged(made).factors[0].finding == Finding::inconclusive);
  CHECK(judged(made).factors[0].values[0].sentence.find("not a number from step 2 on, so accuracy shows") !=
        std::string::npos);
}

TEST_CASE("runs that ended early lend no metric") {
  auto made = two_sides(0.01, 0.1);
  for (std::size_t i = 3; i < 5; ++i) {
    made.diff.traces[i].planned_steps = 10;
    made.diff.traces[i].last_step = 5;
  }
  CHECK(judged(made).factors[0].finding == Finding::inconclusive);
}

TEST_CASE("of several pairs of sides the worst one speaks") {
  const Factor mkl{"mkl", {"default", "strict"}, Promise::numeric};
  std::vector<HandRun> runs;
  for (int m = 0; m < 2; ++m)
    for (int t = 0; t < 2; ++t)
      for (int s = 0; s < 2; ++s) {
        const double shift = m == 1 && t == 1 ? 3 : 0;  // beyond the margin only under strict
        runs.push_back({"run " + std::to_string(runs.size()),
                        {m == 0 ? "default" : "strict", t == 0 ? "1" : "2", s == 0 ? "0" : "1"},
                        runs.size(),
                        90 + 0.01 * s + shift});
      }
  const auto verdict = judged(hand_made({mkl, threads, seed}, runs));
  CHECK(verdict.factors[1].finding == Finding::different);
}

TEST_CASE("a seed that moves the bits does what it is meant to") {
  const auto verdict = judged(hand_made({seed, repeat}, {{"baseline", {"0", "1"}},
                                                         {"repeat=2", {"0", "2"}},
                                                         {"seed=1", {"1", "1"}, 1},
                                                         {"seed=1 repeat=2", {"1", "2"}, 1}}));
  CHECK(verdict.factors[0].finding == Finding::as_meant);
  CHECK(verdict.factors[0].kept);
  CHECK(verdict.exit_code == 0);
  CHECK(verdict.headline == "The bits move with seed, as they should, and with nothing else that was tried.");
}

TEST_CASE("a seed that moves random streams alone, and no weight that runs end with, is untested") {
  auto made = hand_made({seed}, {{"baseline", {"0"}}, {"seed=1", {"1"}, 1}});
  made.parts(0, 1, 0, "rng", "python");
  for (auto& trace : made.diff.traces) trace.final_weights = {7, 7};
  const auto verdict = judged(made);
  CHECK(verdict.factors[0].finding == Finding::untested);
  CHECK(verdict.headline.find("as they should") == std::string::npos);
  CHECK(verdict.factors[0].values[0].sentence.find("all runs end with the same weights") !=
        std::string::npos);
  made.diff.traces[1].final_weights = {8, 8};
  CHECK(judged(made).factors[0].finding == Finding::as_meant);
}

TEST_CASE("trainings that end with the same weights measure no spread, whatever their random streams hold") {
  std::vector<HandRun> runs;
  for (std::size_t i = 0; i < 3; ++i) {
    runs.push_back({"seed=" + std::to_string(i), {"1", std::to_string(i)}, i});
    runs.push_back({"threads=2 seed=" + std::to_string(i), {"2", std::to_string(i)}, 3 + i, 90.1});
  }
  auto made = hand_made({threads, {"seed", {"0", "1", "2"}, Promise::statistical}}, runs);
  CHECK(judged(made).factors[0].finding != Finding::inconclusive);
  for (auto& trace : made.diff.traces) trace.final_weights = {trace.in_class < 3 ? 1U : 2U, 0};
  const auto verdict = judged(made);
  CHECK(verdict.factors[0].finding == Finding::inconclusive);
  CHECK(verdict.factors[0].values[0].sentence.find("1 distinct run a side") != std::string::npos);
}

TEST_CASE("a seed that does not move the bits is said to break its promise") {
  const auto verdict = judged(hand_made({seed}, {{"baseline", {"0"}}, {"seed=1", {"1"}}}));
  CHECK(verdict.factors[0].finding == Finding::identical);
  CHECK_FALSE(verdict.factors[0].kept);
  CHECK(verdict.factors[0].values[0].sentence == "did not move the bits, although it is meant to");
  CHECK(verdict.headline == "Both runs are identical, bit for bit, from the first step to the last.");
}

TEST_CASE("the headline names what moves the bits and that nothing else does") {
  const Factor isa{"isa", {"auto", "default", "avx2"}, Promise::numeric},
      mkl{"mkl", {"a", "b"}, Promise::numeric};
  auto made = hand_made({threads, isa, mkl}, {{"baseline", {"1", "auto", "a"}},
                                              {"threads=2", {"2", "auto", "a"}, 1},
                                              {"isa=default", {"1", "default", "a"}, 2},
                                              {"isa=avx2", {"1", "avx2", "a"}},
                                              {"mkl=b", {"1", "auto", "b"}}});
  made.parts(0, 2, 0, "weights", "fc1.weight");
  const auto verdict = judged(made);
  CHECK(verdict.headline == "The bits move with threads and isa, and with nothing else that was tried.");
  CHECK(verdict.factors[1].found == "default moved them before training, avx2 did not");
  CHECK(verdict.factors[1].values[0].sentence.find("before training (initial weights, fc1.weight)") !=
        std::string::npos);
  CHECK(verdict.explaining_sets == std::vector<std::vector<std::string>>{{"threads", "isa"}});
}

TEST_CASE("a failed run is trouble, a skipped one is not") {
  const Factor isa{"isa", {"auto", "avx512"}, Promise::numeric};
  auto made = hand_made({threads, isa}, {{"baseline", {"1", "auto"}},
                                         {"threads=2", {"2", "auto"}},
                                         {"isa=avx512", {"1", "avx512"}, 0, 0, Ending::skipped}});
  const auto skipped = judged(made);
  CHECK(skipped.exit_code == 0);
  CHECK(skipped.untested == 1);
  CHECK(skipped.failed == 0);
  CHECK(skipped.factors[1].finding == Finding::untested);
  CHECK(skipped.factors[1].found == "untested");
  for (const auto ending : {Ending::failed, Ending::killed, Ending::timed_out}) {
    made.matrix.configurations[2].outcome.ending = ending;
    CHECK(judged(made).exit_code == 2);
    CHECK(judged(made).failed == 1);
  }
}

TEST_CASE("nothing to compare is trouble") {
  const auto none = judged(hand_made({threads}, {{"baseline", {"1"}, 0, 0, Ending::skipped}}));
  CHECK(none.exit_code == 2);
  CHECK(none.headline == "Nothing could be compared: every run is untested.");
  const auto one =
      judged(hand_made({threads}, {{"baseline", {"1"}}, {"threads=2", {"2"}, 0, 0, Ending::skipped}}));
  CHECK(one.exit_code == 2);
  CHECK(one.headline == "Nothing could be compared: all runs but one are untested.");
  const auto alone = judged(hand_made({}, {{"baseline", {}}}));
  CHECK(alone.exit_code == 2);
}

TEST_CASE("runs that part without a tested pair of one factor still end with 1") {
  const Factor isa{"isa", {"auto", "avx2"}, Promise::numeric};
  const auto verdict = judged(hand_made({threads, isa}, {{"baseline", {"1", "auto"}},
                                                         {"threads=2", {"2", "auto"}, 0, 0, Ending::skipped},
                                                         {"isa=avx2", {"1", "avx2"}, 0, 0, Ending::skipped},
                                                         {"threads=2 isa=avx2", {"2", "avx2"}, 1}}));
  CHECK(verdict.factors[0].finding == Finding::untested);
  CHECK(verdict.exit_code == 1);
  CHECK(verdict.headline == "The 2 runs fall into 2 classes that no single factor explains.");
}

TEST_CASE("traces without factors are told apart by their first difference") {
  auto made = hand_made({}, {{"here", {}}, {"there", {}, 1}});
  made.diff.divergences[0].first.stage = "batch";
  made.diff.divergences[0].first.batch_order_from = 1;
  const auto verdict = judged(made);
  CHECK(verdict.exit_code == 1);
  CHECK(verdict.headline ==
        "The 2 traces fall into 2 classes; the first difference is at step 1 (the batch order).");
}

TEST_CASE("a matrix that names a factor without its values is refused") {
  auto made = hand_made({threads}, {{"baseline", {"1"}}, {"threads=2", {"2"}}});
  made.matrix.configurations[1].values.clear();
  CHECK_THROWS_WITH(judged(made), Catch::Contains("factor threads for the configuration threads=2"));
}

TEST_CASE("repeats are compared with the first that was done, where the very first died") {
  const std::vector<Factor> factors = {{"repeat", {"1", "2", "3"}, Promise::bitwise}};
  const auto same = hand_made(
      factors, {{"baseline", {"1"}, 0, 90, Ending::failed}, {"repeat=2", {"2"}}, {"repeat=3", {"3"}}});
  const auto kept = judge(same.diff, same.matrix, accuracy);
  CHECK(kept.factors[0].finding == Finding::identical);
  CHECK(kept.exit_code == 2);
  CHECK(kept.headline ==
        "Both runs are identical, bit for bit, from the first step to the last; 1 of 3 runs did not finish.");
  const auto apart = hand_made(
      factors, {{"baseline", {"1"}, 0, 90, Ending::failed}, {"repeat=2", {"2"}}, {"repeat=3", {"3"}, 1}});
  CHECK(judge(apart.diff, apart.matrix, accuracy).factors[0].moved);
}
