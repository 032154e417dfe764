// SPDX-License-Identifier: Apache-2.0
#pragma once
// A trace drawn by hand: digests are made of names and numbers, so a long trace costs little, and changes are
// put in where a test wants them.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/trace_writer.h"

namespace reprise {

// From `from` to `until` the tensor's digest is another one, and so is that leaf.
struct Change {
  Stage stage;
  std::string tensor;
  std::int64_t from;
  std::int64_t until = std::numeric_limits<std::int64_t>::max();
  std::size_t leaf = 0;
};

struct DrawnTrace {
  std::int64_t steps = 10, planned = 10;
  std::int64_t checkpoint_every = 5;
  std::vector<Change> changes = {};
  std::optional<std::int64_t> other_order_from = {};  // other samples from this step on
  std::optional<std::int64_t> nan_from = {};
  std::int64_t batch = 4;
  double lr = 0.1;
  bool other_data = false, with_loss = true;
  Pins pins = default_pins();
  Facts facts = {{"cpu.model", "a test"}};
  std::optional<InjectedFault> injected = {};
  std::int64_t resume_at = 0, from = 0, until = 0;
  std::optional<Stage> without = {};  // a stage that is not there
  std::string more_weights = {};      // a tensor that others do not have
  OperatorWindow ops = {};
  std::vector<OpCall> calls = {};  // of the window's steps, in order
};

inline Plan plan_of(const DrawnTrace& drawn) {
  Plan plan;
  plan.recipe = plan.program = "drawn";
  plan.parameters = {{"lr", drawn.lr}};
  plan.steps = drawn.planned;
  plan.batch = drawn.batch;
  plan.samples = 64;
  plan.watch.checkpoint_every = drawn.checkpoint_every;
  plan.pins = drawn.pins;
  plan.watch.injected = drawn.injected;
  plan.resume_at = drawn.resume_at;
  plan.watch.from = drawn.from;
  plan.watch.until = drawn.until;
  plan.watch.ops = drawn.ops;
  return plan;
}

// A tensor of `leaves` leaves of float32.
inline TensorDigest drawn_tensor(const DrawnTrace& drawn, Stage stage, const std::string& name,
                                 std::size_t leaves, std::int64_t step) {
  const auto change = std::find_if(drawn.changes.begin(), drawn.changes.end(), [&](const Change& c) {
    return c.stage == stage && c.tensor == name && c.from <= step && step <= c.until;
  });
  const bool changed = change != drawn.changes.end();
  const std::string text = fmt::format("{} {} {}", name_of(stage), name, step);
  TensorDigest tensor{name, "F32", {static_cast<std::int64_t>(leaves) * 4096}, name_digest(text), {}};
  if (changed) tensor.digest = name_digest(text + " changed");
  for (std::size_t leaf = 0; leaf < leaves; ++leaf)
    tensor.leaves.push_back(name_digest(
        fmt::format("{} leaf {}{}", text, leaf, changed && leaf == change->leaf ? " changed" : "")));
  return tensor;
}

// The loss of a step as its value and as a tensor: a trace is read only where the two fit.
inline void add_drawn_loss(const DrawnTrace& drawn, std::int64_t step, StepRecord& record) {
  const bool changed = std::ranges::any_of(drawn.changes, [&](const Change& c) {
    return c.stage == Stage::loss && c.from <= step && step <= c.until;
  });
  const double loss = drawn.nan_from && step >= *drawn.nan_from ? std::numeric_limits<double>::quiet_NaN()
                                                                : 1 / static_cast<double>(step) + changed;
  record.loss = Loss{"F64", 0};
  std::memcpy(&record.loss->bits, &loss, sizeof loss);
  const auto bytes = std::as_bytes(std::span(&loss, 1));
  record.of(Stage::loss).push_back({"loss", "F64", {}, tensor_digest("F64", {}, bytes), leaf_digests(bytes)});
}

inline StepRecord drawn_step(const DrawnTrace& drawn, std::int64_t step) {
  StepRecord record;
  record.step = step;
  record.checkpoint = step % drawn.checkpoint_every == 0 || step == drawn.steps;
  const auto add = [&](Stage stage, const std::string& name, std::size_t leaves) {
    if (stage == drawn.without) return;
    record.stages[static_cast<std::size_t>(stage)].push_back(drawn_tensor(drawn, stage, name, leaves, step));
  };
  add(Stage::rng, "generator", 1);
  add(Stage::weights, "fc1.bias", 1);
  add(Stage::weights, "fc1.weight", 3);
  add(Stage::optimizer, "momentum", 3);
  if (!drawn.more_weights.empty()) add(Stage::weights, drawn.more_weights, 1);
  if (step == drawn.from) return record;
  add(Stage::batch, "x", 1);
  add(Stage::gradients, "fc1.bias", 1);
  add(Stage::gradients, "fc1.weight", 3);
  for (std::int64_t i = 0; i < drawn.batch; ++i)
    record.samples.push_back(static_cast<std::uint64_t>((step + i) % 64));
  if (drawn.other_order_from && step >= *drawn.other_order_from)
    std::swap(record.samples[0], record.samples[1]);
  if (!drawn.with_loss) return record;
  add_drawn_loss(drawn, step, record);
  if (step == drawn.steps) record.metrics = {{"accuracy", 91.5}};
  return record;
}

// Writes trace.h5 into the folder, which is made; a trace that stops short stays unfinished.
inline Trace draw(const std::filesystem::path& folder, const DrawnTrace& drawn) {
  std::filesystem::create_directories(folder);
  std::vector<TensorDigest> data = {
      {"train.x", "F32", {4}, name_digest("x"), {}},
      {"train.y", "I64", {4}, name_digest(drawn.other_data ? "other y" : "y"), {}}};
  {
    TraceWriter writer(folder / "trace.h5", {plan_of(drawn), drawn.facts, data});
    for (std::int64_t step = drawn.from; step <= drawn.steps; ++step) {
      std::vector<OpCall> calls;
      std::ranges::copy_if(drawn.calls, std::back_inserter(calls),
                           [&](const OpCall& call) { return call.step == step; });
      writer.write_calls(calls);
      writer.write(drawn_step(drawn, step));
      if (step % drawn.checkpoint_every == 0) writer.write_pins(drawn.pins);
    }
    writer.commit();
    if (drawn.steps == last_step_of(plan_of(drawn))) writer.finish();
  }
  return Trace(folder);
}

}  // namespace reprise
