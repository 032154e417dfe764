// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small trace made without any training, for tests of what reads traces.
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/trace/trace_writer.h"

namespace reprise {

struct SmallTrace {
  std::int64_t steps = 6;
  std::int64_t parts_at = -1;    // the step from which on the gradients and weights are others; -1: never
  std::uint64_t order_seed = 0;  // another value: another batch order
  std::string recipe = "small";
  Pins pins = default_pins();
};

inline Plan plan_of(const SmallTrace& small) {
  Plan plan;
  plan.recipe = plan.program = small.recipe;
  plan.steps = small.steps;
  plan.batch = 2;
  plan.samples = 8;
  plan.evaluate_every = plan.watch.checkpoint_every = 3;
  plan.metric = Metric{"accuracy", "%", true, 0.5};
  plan.pins = small.pins;
  return plan;
}

inline TensorDigest floats(const std::string& name, std::vector<float> values) {
  const auto bytes = std::as_bytes(std::span(values));
  const auto count = static_cast<std::int64_t>(values.size());
  return {name, "F32", {count}, tensor_digest("F32", {&count, 1}, bytes), leaf_digests(bytes)};
}

inline StepRecord record_of(const SmallTrace& small, std::int64_t step) {
  StepRecord record;
  record.step = step;
  record.checkpoint = step % 3 == 0 || step == small.steps;
  const bool other = small.parts_at >= 0 && step >= small.parts_at;
  const auto value = static_cast<float>(step) + (other ? 0.25F : 0.0F);
  const auto stage = [&record](Stage which) -> auto& {
    return record.stages[static_cast<std::size_t>(which)];
  };
  stage(Stage::rng) = {floats("generator", {1, 2, 3})};
  stage(Stage::weights) = {floats("fc1.bias", {0, 1}), floats("fc1.weight", {value, 2, 3})};
  if (step == 0) return record;
  record.samples = {(static_cast<std::uint64_t>(step) + small.order_seed) % 8, 7};
  stage(Stage::batch) = {floats("x", {static_cast<float>(record.samples[0])})};
  stage(Stage::gradients) = {floats("fc1.bias", {1, 1}), floats("fc1.weight", {value / 2, 0, 0})};
  const float loss = 1 / static_cast<float>(step);
  stage(Stage::loss) = {floats("loss", {loss})};
  std::uint32_t bits = 0;
  std::memcpy(&bits, &loss, sizeof bits);
  record.loss = Loss{"F32", bits};
  if (record.checkpoint) record.metrics = {{"accuracy", 90.0 + value}};
  return record;
}

// Writes PATH (a trace.h5 in a folder that exists).
inline void write_small_trace(const std::filesystem::path& path, const SmallTrace& small) {
  TraceWriter writer(path,
                     {plan_of(small), {{"cpu.model", "a test"}}, {floats("x", {1, 2, 3, 4, 5, 6, 7, 8})}});
  for (std::int64_t step = 0; step <= small.steps; ++step) {
    const auto record = record_of(small, step);
    writer.write(record);
    if (record.checkpoint) writer.write_pins(small.pins);
  }
  writer.finish();
}

}  // namespace reprise
