// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/diff.h"

#include <cmath>

#include "harness/base/error.h"
#include "judge/drawn_trace.h"
#include "scratch.h"

using namespace reprise;

namespace {

// Draws each trace into a folder of its own and compares them as t0, t1, ...
Diff compared(const Scratch& scratch, const std::vector<DrawnTrace>& drawn) {
  std::vector<NamedTrace> traces;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const std::string name = "t" + std::to_string(i);
    traces.push_back({name, draw(scratch / name, drawn[i])});
  }
  return compare(traces);
}

DrawnTrace changed(std::vector<Change> changes) {
  DrawnTrace drawn;
  drawn.changes = std::move(changes);
  return drawn;
}

std::optional<std::int64_t> first_of(const Divergence& divergence, Stage stage) {
  return divergence.stage_first[static_cast<std::size_t>(stage)];
}

}  // namespace

TEST_CASE("equal traces are one class") {
  Scratch scratch;
  const auto diff = compared(scratch, {{}, {}, {}});
  CHECK(diff.all_equal());
  CHECK(diff.steps == 10);
  CHECK(diff.recipe == "drawn");
  REQUIRE(diff.classes.size() == 1);
  CHECK(diff.classes[0].letter == "A");
  CHECK(diff.classes[0].members == std::vector<std::size_t>{0, 1, 2});
  CHECK(diff.classes[0].losses.size() == 10);
  CHECK(diff.divergences.empty());
  CHECK_FALSE(diff.divergence(0, 2));
  const auto& summary = diff.traces[1];
  CHECK(summary.finished);
  CHECK(summary.final_loss == 0.1);
  CHECK(summary.final_metrics.at("accuracy") == 91.5);
  CHECK(summary.pin_checks == 3);
  CHECK(summary.first_nan == -1);
}

TEST_CASE("one trace alone is one class") {
  Scratch scratch;
  CHECK(compared(scratch, {{}}).all_equal());
}

TEST_CASE("a difference is followed to its step, stage, tensor and leaf") {
  Scratch scratch;
  const auto diff = compared(scratch, {{},
                                       changed({{Stage::gradients, "fc1.weight", 4, 4, 2},
                                                {Stage::weights, "fc1.weight", 4},
                                                {Stage::loss, "loss", 5, 7}})});
  REQUIRE(diff.divergences.size() == 1);
  CHECK(diff.divergence(0, 1) == 4);
  CHECK(diff.divergence(1, 0) == 4);
  const auto& first = diff.divergences[0].first;
  CHECK(first.step == 4);
  CHECK(first.stage == "gradients");
  CHECK(first.tensor == "fc1.weight");
  CHECK(first.tensors_differing == 1);
  CHECK(first.tensors_compared == 2);
  // At the next checkpoint the gradients are equal again, so no leaf is named.
  CHECK_FALSE(first.leaf);
  CHECK(first_of(first, Stage::gradients) == 4);
  CHECK(first_of(first, Stage::weights) == 4);
  CHECK(first_of(first, Stage::loss) == 5);
  CHECK_FALSE(first_of(first, Stage::batch));
  CHECK_FALSE(first_of(first, Stage::rng));
  CHECK_FALSE(first.batch_order_from);
}

TEST_CASE("the leaf is that of the next checkpoint, or of the step itself where it is one") {
  Scratch scratch;
  const auto later = compared(scratch, {{}, changed({{Stage::weights, "fc1.weight", 3, 10, 2}})});
  REQUIRE(later.divergences[0].first.leaf);
  CHECK(later.divergences[0].first.leaf->step == 5);
  CHECK(later.divergences[0].first.leaf->leaf == 2);
  CHECK(later.divergences[0].first.leaf->leaves == 3);
  CHECK(later.divergences[0].first.leaf->leaves_differing == 1);
  Scratch other;
  const auto there = compared(other, {{}, changed({{Stage::weights, "fc1.weight", 0, 10, 1}})});
  REQUIRE(there.divergences[0].first.leaf);
  CHECK(there.divergences[0].first.leaf->step == 0);
  CHECK(there.divergences[0].first.leaf->leaf == 1);
}

TEST_CASE("a tensor of one leaf needs no checkpoint to name it") {
  Scratch scratch;
  const auto diff = compared(scratch, {{}, changed({{Stage::weights, "fc1.bias", 3, 3}})});
  REQUIRE(diff.divergences[0].first.leaf);
  CHECK(diff.divergences[0].first.leaf->step == 3);
  CHECK(diff.divergences[0].first.leaf->leaves == 1);
}

TEST_CASE("every step of parting is found, the first and the last among them") {
  for (const std::int64_t step : {0, 1, 2, 5, 9, 10}) {
    const Scratch scratch;
    const auto diff = compared(scratch, {{}, changed({{Stage::weights, "fc1.bias", step, step}})});
    INFO("step " << step);
    CHECK(diff.divergence(0, 1) == step);
    CHECK(diff.divergences[0].first.stage == "weights");
    CHECK(first_of(diff.divergences[0].first, Stage::weights) == step);
  }
}

TEST_CASE("classes are lettered in the order of their first traces and every pair is told") {
  Scratch scratch;
  const DrawnTrace b = changed({{Stage::weights, "fc1.bias", 6}}),
                   c = changed({{Stage::weights, "fc1.weight", 2}});
  const auto diff = compared(scratch, {{}, b, {}, c, b});
  REQUIRE(diff.classes.size() == 3);
  CHECK(diff.classes[0].members == std::vector<std::size_t>{0, 2});
  CHECK(diff.classes[1].members == std::vector<std::size_t>{1, 4});
  CHECK(diff.classes[2].members == std::vector<std::size_t>{3});
  CHECK(diff.classes[2].letter == "C");
  REQUIRE(diff.divergences.size() == 3);
  CHECK((diff.divergences[1].a == 0 && diff.divergences[1].b == 2));
  CHECK((diff.divergences[2].a == 1 && diff.divergences[2].b == 2));
  CHECK(diff.divergence(2, 4) == 6);
  CHECK(diff.divergence(3, 4) == 2);
  CHECK_FALSE(diff.divergence(1, 4));
}

TEST_CASE("the letters go on after Z") {
  Scratch scratch;
  std::vector<DrawnTrace> drawn;
  for (std::int64_t i = 0; i < 28; ++i) {
    drawn.push_back(changed({{Stage::weights, "fc1.bias", i + 1, i + 1}}));
    drawn.back().steps = drawn.back().planned = 28;
  }
  const auto diff = compared(scratch, drawn);
  REQUIRE(diff.classes.size() == 28);
  CHECK(diff.classes[25].letter == "Z");
  CHECK(diff.classes[26].letter == "AA");
  CHECK(diff.classes[27].letter == "AB");
}

TEST_CASE("data that differ are named before anything that follows from them") {
  Scratch scratch;
  DrawnTrace other = changed({{Stage::weights, "fc1.bias", 0}});
  other.other_data = true;
  const auto diff = compared(scratch, {{}, other});
  CHECK(diff.divergences[0].first.step == 0);
  CHECK(diff.divergences[0].first.stage == "data");
  CHECK(diff.divergences[0].first.tensor == "train.y");
  CHECK(diff.divergences[0].first.tensors_differing == 1);
  CHECK(diff.divergences[0].first.tensors_compared == 2);
}

TEST_CASE("a batch order that differs is named, with its first step") {
  Scratch scratch;
  DrawnTrace other = changed({{Stage::rng, "generator", 0}, {Stage::batch, "x", 3}});
  other.other_order_from = 6;
  other.pins["seed"] = "1";
  const auto diff = compared(scratch, {{}, other});
  CHECK(diff.divergences[0].first.step == 0);
  CHECK(diff.divergences[0].first.stage == "rng");
  CHECK(diff.divergences[0].first.batch_order_from == 6);
}

TEST_CASE("a batch that differs with the same samples is no other batch order") {
  Scratch scratch;
  DrawnTrace other = changed({{Stage::batch, "x", 3}});
  const auto diff = compared(scratch, {{}, other});
  CHECK(diff.divergences[0].first.stage == "batch");
  CHECK(diff.divergences[0].first.step == 3);
  CHECK_FALSE(diff.divergences[0].first.batch_order_from);
}

TEST_CASE("an order that differs though the plans ask for the same one is still seen") {
  Scratch scratch;
  DrawnTrace other = changed({{Stage::batch, "x", 3}});
  other.other_order_from = 3;
  CHECK(compared(scratch, {{}, other}).divergences[0].first.batch_order_from == 3);
}

TEST_CASE("traces of other lengths are other runs, equal up to where the shorter ends") {
  Scratch scratch;
  DrawnTrace shorter;
  shorter.steps = 6;
  const auto apart = compared(scratch, {{}, shorter});
  CHECK(apart.steps == 6);
  CHECK_FALSE(apart.all_equal());
  CHECK_FALSE(apart.prefix);
  CHECK(apart.divergences[0].first.stage == "length");
  CHECK(apart.divergences[0].first.step == 6);
  CHECK(apart.divergences[0].first.last_steps == std::array<std::int64_t, 2>{10, 6});
  CHECK_FALSE(apart.traces[1].finished);
  CHECK(apart.classes[0].losses.size() == 6);
  Scratch third;
  CHECK(compared(third, {changed({{Stage::weights, "fc1.bias", 5}}), shorter}).divergence(0, 1) == 5);
}

TEST_CASE("a trace that has only its start ends there") {
  Scratch scratch;
  DrawnTrace start;
  start.steps = 0;
  const auto diff = compared(scratch, {{}, start, changed({{Stage::weights, "fc1.bias", 0}})});
  CHECK(diff.steps == 0);
  REQUIRE(diff.classes.size() == 3);
  CHECK(diff.divergences[0].first.stage == "length");
  CHECK(diff.divergences[1].first.stage == "weights");
  CHECK(diff.classes[0].losses.empty());
  CHECK(std::isnan(diff.traces[1].final_loss));
}

TEST_CASE("different recipes are refused with what differs, not called different bits") {
  Scratch scratch;
  DrawnTrace other;
  other.lr = 0.2;
  CHECK_THROWS_WITH(compared(scratch, {{}, other}),
                    Catch::Contains("cannot compare t0 and t1: they train different things") &&
                        Catch::Contains("lr: 0.1 and 0.2"));
  CHECK_THROWS_AS(compare({}), Error);
}

TEST_CASE("an injected fault, a resume and another end of the run are the same recipe") {
  Scratch scratch;
  DrawnTrace other;
  other.injected = InjectedFault{"flip-bit", 2};
  other.resume_at = 2;
  CHECK(compared(scratch, {{}, other}).classes.size() == 1);
}

TEST_CASE("a trace that begins at a checkpoint is no whole run and is refused as such") {
  Scratch scratch;
  DrawnTrace late;
  late.from = 6;
  CHECK_THROWS_WITH(compared(scratch, {{}, late}), Catch::Contains("t1 begins after step 6"));
}

TEST_CASE("other pins are the same recipe") {
  Scratch scratch;
  DrawnTrace other;
  other.pins["threads"] = "2";
  const auto diff = compared(scratch, {{}, other});
  CHECK(diff.all_equal());
  CHECK(diff.traces[0].plan_id != diff.traces[1].plan_id);
}

TEST_CASE("a loss that is not a number is found, a step without a loss is none") {
  Scratch scratch;
  DrawnTrace bad, silent;
  bad.nan_from = 4;
  silent.with_loss = false;
  const auto diff = compared(scratch, {{}, bad, silent});
  CHECK(diff.traces[0].first_nan == -1);
  CHECK(diff.traces[1].first_nan == 4);
  CHECK(diff.traces[2].first_nan == -1);
}

TEST_CASE("the losses of two classes are told apart step by step") {
  Scratch scratch;
  DrawnTrace other = changed({{Stage::loss, "loss", 8}});
  other.nan_from = 8;
  const auto apart = compared(scratch, {{}, other}).divergences[0].loss_distance;
  REQUIRE(apart.size() == 10);
  CHECK(apart[6] == 0);
  CHECK(std::isnan(apart[7]));
}

TEST_CASE("comparing long traces reads a small part of them") {
  Scratch scratch;
  DrawnTrace one, two;
  one.steps = one.planned = 4000;
  one.checkpoint_every = 1000;
  two = one;
  two.changes = {{Stage::gradients, "fc1.weight", 2711, 4000, 1}};
  const auto diff = compared(scratch, {one, one, two});
  CHECK(diff.divergence(0, 2) == 2711);
  REQUIRE(diff.divergences[0].first.leaf);
  CHECK(diff.divergences[0].first.leaf->step == 3000);
  CHECK(diff.divergences[0].first.leaf->leaf == 1);
  std::uint64_t whole = 0;
  for (const auto* name : {"t0", "t1", "t2"})
    whole += std::filesystem::file_size(scratch / name / "trace.h5");
  CHECK(diff.bytes_read > 0);
  CHECK(diff.bytes_read < whole / 10);
  Scratch other;
  CHECK(compared(other, {one, one}).bytes_read < whole / 50);
}
