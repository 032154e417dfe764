// SPDX-License-Identifier: Apache-2.0
// Runs that differ in their lengths, and in no bit of a step that both made.
#include <catch2/catch.hpp>

#include "harness/judge/verdict/verdict.h"
#include "judge/matrices.h"

using namespace reprise;

namespace {

const Factor repeat{"repeat", {"1", "2"}, Promise::bitwise};
const Factor seed{"seed", {"0", "1"}, Promise::statistical};

Verdict judged(const HandMade& made) { return judge(made.diff, made.matrix, accuracy); }

}  // namespace

TEST_CASE("runs that are only longer moved no bits, and are not said to") {
  const Factor limit{"env:LIMIT", {"1", "2", "3"}, Promise::none};
  auto made = hand_made({limit, repeat}, {{"baseline", {"1", "1"}},
                                          {"env:LIMIT=2", {"2", "1"}, 1},
                                          {"env:LIMIT=3", {"3", "1"}, 2},
                                          {"repeat=2", {"1", "2"}}});
  made.lengths(0, 1, 8, 20);
  made.lengths(0, 2, 8, 9);
  const auto verdict = judged(made);
  CHECK(verdict.factors[0].found == "2 and 3 made runs of other lengths");
  CHECK(verdict.factors[0].parting == Parting::length);
  CHECK(verdict.headline ==
        "Runs that differ in env:LIMIT are of other lengths, and equal as far as both go.");
  made.parts(0, 2, 9, "weights", "fc2.bias");
  const auto mixed = judged(made);
  CHECK(mixed.factors[0].found == "3 moved them at step 9, 2 made a run of another length");
  CHECK(mixed.factors[0].parting == Parting::bits);
  CHECK(mixed.headline == "The bits move with env:LIMIT, and with nothing else that was tried.");
}

TEST_CASE("repeats of other lengths are told as such, and a seed that moves only the length moved no bits") {
  auto made = hand_made({repeat, seed}, {{"baseline", {"1", "0"}}, {"repeat=2", {"2", "0"}, 1}});
  made.lengths(0, 1, 12, 14);
  CHECK(judged(made).factors[0].found == "repeat 2 made a run of another length");
  auto seeds = hand_made({seed}, {{"baseline", {"0"}}, {"seed=1", {"1"}, 1}});
  seeds.lengths(0, 1, 12, 14);
  CHECK(judged(seeds).factors[0].finding == Finding::untested);
}
