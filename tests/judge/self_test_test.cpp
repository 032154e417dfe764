// SPDX-License-Identifier: Apache-2.0
// What short runs with an injected fault each prove of the tool, and what they do not.
#include <catch2/catch.hpp>

#include "drawn_trace.h"
#include "harness/judge/verdict/self_test.h"
#include "matrices.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

DrawnTrace brief(std::vector<Change> changes = {}) {
  DrawnTrace drawn;
  drawn.steps = drawn.planned = 3;
  drawn.changes = std::move(changes);
  return drawn;
}

DrawnTrace with_fault(const std::string& fault, std::vector<Change> changes) {
  DrawnTrace drawn = brief(std::move(changes));
  drawn.injected = InjectedFault{fault, 2};
  return drawn;
}

DrawnTrace resumed(std::vector<Change> changes = {}) {
  DrawnTrace drawn = brief(std::move(changes));
  drawn.resume_at = 2;
  return drawn;
}

using Drawings = std::map<std::string, DrawnTrace>;

// A recipe that repeats itself, and a tool that sees everything.
Drawings sound() {
  return {{"clean", brief()},
          {"again", brief()},
          {"flip-bit", with_fault("flip-bit", {{Stage::weights, "fc1.weight", 2}})},
          {"swap-samples",
           with_fault("swap-samples", {{Stage::batch, "x", 2}, {Stage::weights, "fc1.weight", 2}})},
          {"change-seed", brief({{Stage::rng, "generator", 0}})},
          {"watched", brief()},
          {"resumed", resumed()}};
}

SelfTest judged(const Scratch& scratch, const Drawings& drawings,
                const std::optional<Divergence>& unrepeated = std::nullopt) {
  std::vector<ShortRun> runs;
  for (const auto& [name, drawn] : drawings) runs.push_back({name, draw(scratch / name, drawn), ""});
  return judge_self_test(runs, unrepeated);
}

SelfTestRow row(const SelfTest& test, const std::string& name) {
  for (const auto& one : test.rows)
    if (one.name == name) return one;
  FAIL("no row " << name);
  return {};
}

}  // namespace

TEST_CASE("faults found where they were injected, and equal runs where nothing was, make a sound self-test") {
  const Scratch scratch;
  const auto test = judged(scratch, sound());
  REQUIRE(test.rows.size() == 5);
  for (const auto& one : test.rows) {
    INFO(one.sentence);
    CHECK(one.result == Caught::caught);
  }
  CHECK_FALSE(test.is_void);
  CHECK(test.sentence == "self-test: 3 of 3 injected faults found");
  CHECK(row(test, "flip-bit").wanted == "step 2, weights");
  CHECK(row(test, "flip-bit").found == "step 2, weights, fc1.weight");
  CHECK(row(test, "swap-samples").wanted == "step 2, batch");
  CHECK(row(test, "change-seed").wanted == "before training, rng");
}

TEST_CASE("a fault that leaves no difference, or one at another place, has escaped and voids the report") {
  const std::vector<std::pair<std::string, DrawnTrace>> blind = {
      {"flip-bit", with_fault("flip-bit", {})},
      {"flip-bit", with_fault("flip-bit", {{Stage::weights, "fc1.weight", 3}})},
      {"flip-bit", with_fault("flip-bit", {{Stage::optimizer, "momentum", 2}})},
      {"swap-samples", with_fault("swap-samples", {{Stage::weights, "fc1.weight", 2}})},
      {"change-seed", brief()},
      {"change-seed", brief({{Stage::weights, "fc1.weight", 0}})},
      {"watched", brief({{Stage::weights, "fc1.weight", 3}})},
      {"resumed", resumed({{Stage::optimizer, "momentum", 3}})}};
  for (std::size_t i = 0; i < blind.size(); ++i) {
    const Scratch scratch;
    auto drawings = sound();
    drawings.at(blind[i].first) = blind[i].second;
    const auto test = judged(scratch, drawings);
    INFO(i << ": " << test.sentence);
    CHECK(row(test, blind[i].first).result == Caught::escaped);
    CHECK(test.is_void);
    CHECK_THAT(test.sentence, Contains("NOT as expected"));
  }
}

TEST_CASE("data drawn with the seed differ too, and another seed is found all the same") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("change-seed").other_data = true;
  CHECK(row(judged(scratch, drawings), "change-seed").result == Caught::caught);
  drawings = sound();
  drawings.at("change-seed") = brief();
  drawings.at("change-seed").other_data = true;  // other data, but the generator is the same
  const Scratch other;
  CHECK(row(judged(other, drawings), "change-seed").result == Caught::escaped);
}

TEST_CASE("where two clean runs differ before a fault is injected, nothing can be told of it") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("again") = brief({{Stage::weights, "fc1.bias", 1}});
  drawings.at("flip-bit").changes.push_back({Stage::weights, "fc1.bias", 1});
  drawings.at("watched").changes.push_back({Stage::weights, "fc1.bias", 1});
  const auto test = judged(scratch, drawings);
  CHECK(row(test, "flip-bit").result == Caught::masked);
  CHECK(row(test, "watched").result == Caught::masked);
  CHECK(row(test, "change-seed").result == Caught::caught);  // before the noise begins
  CHECK_FALSE(test.is_void);
  CHECK_THAT(test.sentence, Contains("2 of 2 injected faults found, 2 of 5 checks cannot be determined"));
}

TEST_CASE("a difference that two clean runs show at that place too proves no fault found") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("again") = brief({{Stage::rng, "generator", 0}});  // seeded by the clock
  const auto test = judged(scratch, drawings);
  CHECK(row(test, "change-seed").result == Caught::masked);
  drawings = sound();
  drawings.at("again") = brief({{Stage::weights, "fc1.bias", 2}});  // a race in the step of the faults
  const Scratch other;
  const auto racing = judged(other, drawings);
  CHECK(row(racing, "flip-bit").result == Caught::masked);
  CHECK(row(racing, "swap-samples").result == Caught::caught);  // the batch comes before what races
}

TEST_CASE("a watched run that ends early is not equal, and its row says why") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("watched").steps = 2;
  const auto watched = row(judged(scratch, drawings), "watched");
  CHECK(watched.result == Caught::escaped);
  CHECK(watched.found == "it ends after step 2, not after step 3");
}

namespace {

Divergence parted_at(std::int64_t step, const std::string& stage) {
  Divergence divergence;
  divergence.step = step;
  divergence.stage = divergence.tensor = stage;
  return divergence;
}

}  // namespace

TEST_CASE("where the run itself was seen not to repeat, a watched run that differs voids nothing") {
  for (const std::string name : {"watched", "resumed"}) {
    const Scratch scratch;
    auto drawings = sound();
    drawings.at(name).changes.push_back({Stage::weights, "fc1.weight", 1});
    CHECK(judged(scratch, drawings).is_void);
    const Scratch again;
    const auto test = judged(again, drawings, parted_at(7, "batch"));
    CHECK(row(test, name).result == Caught::masked);
    CHECK_THAT(row(test, name).sentence,
               Contains("no conclusion is possible, since two runs of this plan differ (step 7, batch)"));
    CHECK_FALSE(test.is_void);
  }
}

TEST_CASE("a fault that was missed voids a report of runs that do not repeat as well") {
  const std::vector<DrawnTrace> missed = {with_fault("flip-bit", {}),
                                          with_fault("flip-bit", {{Stage::weights, "fc1.weight", 3}}),
                                          with_fault("flip-bit", {{Stage::optimizer, "momentum", 2}})};
  for (const auto& drawn : missed) {
    const Scratch scratch;
    auto drawings = sound();
    drawings.at("flip-bit") = drawn;
    const auto test = judged(scratch, drawings, parted_at(7, "batch"));
    INFO(row(test, "flip-bit").sentence);
    CHECK(test.is_void);
  }
}

TEST_CASE("noise of a run that does not repeat may come before an injected fault, or at its very place") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("flip-bit").changes.push_back({Stage::gradients, "fc1.weight", 1});
  CHECK(judged(scratch, drawings).is_void);
  const Scratch other;
  const auto test = judged(other, drawings, parted_at(1, "gradients"));
  CHECK(row(test, "flip-bit").result == Caught::masked);
  CHECK_FALSE(test.is_void);
  const Scratch third;
  CHECK(row(judged(third, sound(), parted_at(2, "weights")), "flip-bit").result == Caught::masked);
  const Scratch fourth;
  CHECK(row(judged(fourth, sound(), parted_at(2, "batch")), "flip-bit").result == Caught::caught);
}

TEST_CASE("watching changed a run only if watched runs agree, unwatched agree, and the two do not") {
  const std::vector<Change> other = {{Stage::weights, "fc1.weight", 2}};
  auto drawings = sound();
  drawings.at("watched") = brief(other);
  drawings["watched 2"] = drawings["watched 3"] = brief(other);
  drawings["clean 3"] = drawings["clean 4"] = brief();
  const Scratch scratch;
  CHECK(judged(scratch, drawings).is_void);
  drawings["watched 3"] = brief();
  const Scratch mixed;
  const auto test = judged(mixed, drawings);
  CHECK_FALSE(test.is_void);
  CHECK_THAT(row(test, "watched").sentence, Contains("two runs of this kind differ"));
  drawings["watched 3"] = brief(other);
  drawings["clean 4"] = brief(other);
  const Scratch chance;
  const auto by_chance = judged(chance, drawings);
  CHECK_FALSE(by_chance.is_void);
  CHECK_THAT(row(by_chance, "watched").sentence, Contains("two clean runs differ too"));
}

TEST_CASE("short runs that end at different steps are not equal") {
  const Scratch scratch;
  auto drawings = sound();
  drawings.at("again").steps = 2;
  drawings.at("watched").steps = 2;
  const auto test = judged(scratch, drawings);
  CHECK(row(test, "watched").result == Caught::masked);
  CHECK_THAT(row(test, "watched").sentence, Contains("two clean runs differ too (it ends after step "));
}

TEST_CASE("a self-test without any injected fault does not count 0 of 0") {
  const Scratch scratch;
  std::vector<ShortRun> runs = {{"clean", std::nullopt, "no torch"}};
  CHECK_THAT(judge_self_test(runs).sentence,
             Contains("of no injected fault could be told") && Contains("5 of 5 checks untested"));
}

TEST_CASE("two runs of the baseline that part are what a self-test must know") {
  auto made =
      hand_made({{"repeat", {"1", "2"}, Promise::bitwise}, {"threads", {"1", "2"}, Promise::numeric}},
                {{"a", {"1", "1"}, 0}, {"b", {"2", "1"}, 0}, {"c", {"1", "2"}, 0}, {"d", {"2", "2"}, 1}});
  CHECK_FALSE(unrepeated_in(made.diff, made.matrix));  // another plan of the matrix does not repeat
  made.diff.traces[1].in_class = 1;
  made.parts(0, 1, 4, "loss", "loss");
  REQUIRE(unrepeated_in(made.diff, made.matrix));
  CHECK(unrepeated_in(made.diff, made.matrix)->step == 4);
}

TEST_CASE("a short run that could not be made is untested with the reason, and voids nothing") {
  const Scratch scratch;
  std::vector<ShortRun> runs = {{"clean", draw(scratch / "clean", brief()), ""},
                                {"flip-bit", std::nullopt, "the disk is full"}};
  const auto test = judge_self_test(runs);
  CHECK(row(test, "flip-bit").result == Caught::untested);
  CHECK_THAT(row(test, "flip-bit").sentence, Contains("the disk is full"));
  CHECK_FALSE(test.is_void);
  CHECK_THAT(test.sentence, Contains("of no injected fault") && Contains("5 of 5 checks untested"));
  runs.erase(runs.begin());
  CHECK_THROWS_WITH(judge_self_test(runs), Contains("clean run"));
}
