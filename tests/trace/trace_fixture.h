// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs that never happened, for the tests of the trace: each value follows from the step alone, so that what
// a trace must hold can be computed again by the test.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "harness/trace/trace_writer.h"

namespace reprise {

// A tensor of `count` floats that depend on the name and the step.
inline TensorDigest made_tensor(const std::string& name, std::int64_t step, std::int64_t count,
                                bool keep_leaves, float shift = 0) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(name.size() * 1000 + i % 97) + static_cast<float>(step) / 8 + shift;
  const auto bytes = std::as_bytes(std::span(values));
  const std::vector<std::int64_t> shape = {count};
  TensorDigest tensor{name, "F32", shape, tensor_digest("F32", shape, bytes), {}};
  if (keep_leaves) tensor.leaves = leaf_digests(bytes);
  return tensor;
}

inline Digest loss_digest(const float& loss) {
  constexpr std::int64_t one = 1;
  return tensor_digest("F32", {&one, 1}, std::as_bytes(std::span(&loss, 1)));
}

struct MadeRun {
  std::int64_t steps = 70;
  std::int64_t checkpoint_every = 30;
  std::int64_t batch = 4;
  std::int64_t elements = 5000;  // of the largest tensor: two leaves
  Pins pins = default_pins();
  // Whether the stage loss has the digest of the loss; the golden trace is from before that was proven.
  bool true_loss = true;
  bool command = false;  // of somebody's script, with a module that no optimizer has
  float shift = 0;       // added to every value after the data

  Plan plan() const {
    Plan plan;
    plan.recipe = plan.program = "made";
    plan.parameters["lr"] = 0.5;
    plan.steps = steps;
    plan.batch = batch;
    plan.samples = 64;
    plan.evaluate_every = checkpoint_every;
    plan.metric = Metric{"accuracy", "%", true, 0.5};
    plan.pins = pins;
    plan.watch.checkpoint_every = checkpoint_every;
    if (!command) return plan;
    plan.program.clear();
    plan.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
    plan.steps = plan.batch = plan.samples = plan.evaluate_every = 0;
    return plan;
  }

  TraceHead head() const {
    return {plan(), {{"cpu.model", "a processor"}, {"kernel", "größe"}}, {made_tensor("x", 0, 256, false)}};
  }

  bool checkpoint(std::int64_t step) const { return step % checkpoint_every == 0 || step == steps; }

  StepRecord record(std::int64_t step) const {
    StepRecord record;
    record.step = step;
    record.checkpoint = checkpoint(step);
    const auto stage = [&](Stage which) -> auto& { return record.stages[static_cast<std::size_t>(which)]; };
    const auto add = [&](Stage which, const char* name, std::int64_t count) {
      stage(which).push_back(made_tensor(name, step, count, record.checkpoint, shift));
    };
    add(Stage::rng, "generator", 16);
    add(Stage::weights, "fc1.weight", elements);
    add(Stage::weights, "fc1.bias", 10);
    if (command) add(Stage::auxiliary, "target.weight", 12);
    if (step == 0) return record;
    add(Stage::batch, "input", 12);
    const float loss = 2.0F / static_cast<float>(step);
    add(Stage::loss, "loss", 1);
    if (true_loss) stage(Stage::loss).front().digest = loss_digest(loss);
    add(Stage::gradients, "fc1.weight", elements);
    add(Stage::gradients, "fc1.bias", 10);
    add(Stage::optimizer, "fc1.weight/momentum", elements);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &loss, sizeof bits);
    record.loss = Loss{"F32", bits};
    for (std::int64_t i = 0; i < batch && !command; ++i)
      record.samples.push_back(static_cast<std::uint64_t>((step * 7 + i) % 64));
    if (record.checkpoint)
      record.metrics = {{"accuracy", 50 + static_cast<double>(step)}, {"loss", std::sqrt(2.0)}};
    return record;
  }

  void write_step(TraceWriter& writer, std::int64_t step) const {
    const StepRecord made = record(step);
    writer.write(made);
    if (made.checkpoint) writer.write_pins(pins);
  }

  void write(const std::filesystem::path& path) const {
    TraceWriter writer(path, head());
    for (std::int64_t step = 0; step <= steps; ++step) write_step(writer, step);
    writer.finish();
  }
};

// What the stage of a step must have as its digest; all zero without tensors.
inline Digest expected_stage(const StepRecord& record, Stage which) {
  std::vector<std::pair<std::string, Digest>> members;
  for (const TensorDigest& tensor : record.stages[static_cast<std::size_t>(which)])
    members.emplace_back(tensor.name, tensor.digest);
  return members.empty() ? Digest{} : set_digest(name_of(which), members);
}

inline Digest expected_root(const StepRecord& record, const TraceHead& head) {
  std::vector<std::pair<std::string, Digest>> members;
  for (std::size_t s = 0; s < stage_count; ++s)
    if (const Digest digest = expected_stage(record, static_cast<Stage>(s)); digest.present())
      members.emplace_back(stage_names[s], digest);
  std::vector<std::pair<std::string, Digest>> data;
  for (const TensorDigest& tensor : head.data) data.emplace_back(tensor.name, tensor.digest);
  if (record.step == 0 && !data.empty()) members.emplace_back("data", set_digest("data", data));
  return set_digest("state", members);
}

// Everything that a trace of this run says it holds must be what the run wrote.
inline void check_whole(const Trace& trace, const MadeRun& run) {
  Digest chain;
  bool whole = true;
  for (std::int64_t step = 0; step <= trace.last_step(); ++step) {
    const StepRecord record = run.record(step);
    const Digest root = expected_root(record, run.head());
    chain = chain_next(static_cast<std::uint64_t>(step), chain, root);
    whole = whole && trace.root(step) == root && trace.chain(step) == chain &&
            trace.samples(step) == record.samples && trace.tensors(step).size() == trace.columns().size() &&
            trace.stages(step)[4] == expected_stage(record, Stage::weights);
    if (record.checkpoint) whole = whole && trace.leaves(step).by_column.size() == (step == 0 ? 3 : 8);
  }
  CHECK(whole);
  CHECK(trace.metrics().size() % 2 == 0);
  for (const PinCheck& reading : trace.pin_checks()) CHECK(reading.values == default_pins());
}

}  // namespace reprise
