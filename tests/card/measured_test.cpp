// SPDX-License-Identifier: Apache-2.0
// What kept runs tell beside a card: never more than was compared.
#include "harness/judge/card/measured.h"

#include <catch2/catch.hpp>

#include "card/cards.h"
#include "judge/matrices.h"

using namespace reprise;

namespace {

const Factor repeat{"repeat", {"1", "2"}, Promise::bitwise};
const Factor threads{"threads", {"1", "2"}, Promise::numeric};
const Factor seed{"seed", {"0", "1"}, Promise::statistical};

Measured measured(HandMade made) {
  made.diff.steps = 10;
  made.matrix.recipe = "drawn";
  return measured_of(made.matrix, made.diff, judge(made.diff, made.matrix, accuracy),
                     "runs/matrix-1/matrix.toml");
}

}  // namespace

TEST_CASE("equal runs agree to the end") {
  const auto found = measured(hand_made({repeat}, {{"baseline", {"1"}}, {"repeat=2", {"2"}}}));
  CHECK(classes_words(found) == "1 class in 2 runs");
  CHECK(horizon_words(found.horizon) == "to the end (10 steps)");
  CHECK(found.axes.at(0).finding == Finding::identical);
}

TEST_CASE("the earliest step at which an axis moved the bits is the horizon") {
  auto made = hand_made({repeat, threads},
                        {{"baseline", {"1", "1"}}, {"repeat=2", {"2", "1"}}, {"threads=2", {"1", "2"}, 1}});
  made.parts(0, 1, 3, "gradients", "fc1.weight");
  const auto found = measured(made);
  CHECK(classes_words(found) == "2 classes in 3 runs");
  CHECK(horizon_words(found.horizon) == "parts at step 3 of 10");
}

TEST_CASE("runs of several seeds alone tell nothing of the bits") {
  const auto found = measured(hand_made({seed}, {{"baseline", {"0"}}, {"seed=1", {"1"}, 1}}));
  CHECK(horizon_words(found.horizon) == "not told");
  const auto both = measured(hand_made(
      {repeat, seed}, {{"baseline", {"1", "0"}}, {"repeat=2", {"2", "0"}}, {"seed=1", {"1", "1"}, 1}}));
  CHECK(horizon_words(both.horizon) == "to the end (10 steps)");
}

TEST_CASE("one run, and runs that failed, tell nothing of the bits") {
  CHECK(horizon_words(measured(hand_made({repeat}, {{"baseline", {"1"}}})).horizon) == "not told");
  const auto failed =
      measured(hand_made({repeat}, {{"baseline", {"1"}}, {"repeat=2", {"2"}, 0, 90, Ending::failed}}));
  CHECK(horizon_words(failed.horizon) == "not told");
  CHECK(classes_words(failed) == "1 class in 1 run");
  CHECK(failed.untested == 1);
}

TEST_CASE("a card without runs is untested") {
  const CardFound found = untested(made("closed"));
  CHECK(measured_words(found) == "untested");
  CHECK(horizon_words(found) == "untested");
}
