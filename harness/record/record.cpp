// SPDX-License-Identifier: Apache-2.0
#include "harness/record/record.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/facts.h"
#include "harness/record/pin_torch.h"
#include "harness/record/run_setup.h"
#include "harness/record/tensor_digest.h"
#include "harness/trace/safetensors.h"
#include "harness/trace/trace_writer.h"

namespace reprise {
namespace {

std::vector<TensorDigest>& stage_of(StepRecord& record, Stage stage) {
  return record.stages[static_cast<std::size_t>(stage)];
}

TensorDigest digest_of_words(std::string name, std::string_view dtype, std::vector<std::int64_t> shape,
                             const std::vector<std::uint64_t>& words) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  ContentDigest content = digest_of(TensorView{dtype, shape, strides, words.data(), sizeof(std::uint64_t)});
  return {std::move(name), std::string(dtype), std::move(shape), content.digest, std::move(content.leaves)};
}

void observe_random(const Setup& setup, StepRecord& record) {
  auto& stage = stage_of(record, Stage::rng);
  stage.push_back(digest_of(NamedTensor{"torch.cpu", at::detail::getDefaultCPUGenerator().get_state()}));
  stage.push_back(digest_of_words("harness.seed", "I64", {}, {setup.draws(Stream::order).seed}));
}

// Everything of a step but its loss and metrics.
StepRecord observe(const RunSetup& setup, Training& training, std::int64_t step) {
  StepRecord record;
  record.step = step;
  const State state = training.state();
  stage_of(record, Stage::weights) = digests_of(state.weights);
  stage_of(record, Stage::optimizer) = digests_of(state.optimizer);
  observe_random(setup, record);
  // Step 1 too: most differences begin there, and only a checkpoint's leaves tell in which part of a tensor.
  record.checkpoint =
      step <= 1 || step == setup.plan().steps || step % setup.plan().watch.checkpoint_every == 0;
  if (step == 0) return record;
  stage_of(record, Stage::gradients) = digests_of(state.gradients);
  auto& batch = stage_of(record, Stage::batch);
  batch = digests_of(state.batch);
  record.samples = setup.samples(step);
  const auto count = static_cast<std::int64_t>(record.samples.size());
  batch.push_back(digest_of_words("index", "I64", {count}, record.samples));
  return record;
}

void observe_result(const RunSetup& setup, const StepResult& result, StepRecord& record) {
  record.loss = loss_of(result.loss);
  stage_of(record, Stage::loss).push_back(digest_of(NamedTensor{"loss", result.loss}));
  for (const auto& [name, value] : result.metrics) record.metrics.push_back({name, value});
  const Plan& plan = setup.plan();
  if (!plan.metric || !setup.evaluates(record.step)) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : result.metrics) names.push_back(name);
  if (std::find(names.begin(), names.end(), plan.metric->name) == names.end())
    fail("program {} does not report the recipe's metric at step {}: {}", plan.program, record.step,
         unknown_name("metric", plan.metric->name, names));
}

void store(std::vector<StoredTensor>& stored, const std::string& stage, const Tensors& tensors) {
  for (const auto& named : tensors)
    stored.push_back({stage + "/" + named.name, view_of(named.tensor, named.name)});
}

void keep_checkpoint(const Plan& plan, Training& training, std::int64_t step,
                     const std::filesystem::path& folder) {
  const bool kept = plan.watch.keep == "all" || (plan.watch.keep == "last" && step == plan.steps);
  if (!kept) return;
  const State state = training.state();
  std::vector<StoredTensor> stored;
  store(stored, "weights", state.weights);
  store(stored, "optimizer", state.optimizer);
  make_folder(folder);
  write_safetensors(folder / fmt::format("step-{:08}.safetensors", step), stored,
                    {{"plan_id", plan_id(plan)}, {"recipe", plan.recipe}, {"step", std::to_string(step)}});
}

// A run in progress: what the loop's parts share.
struct Recording {
  const Plan& plan;
  const RunPlaces& places;
  const RunSetup& setup;
  Training& training;
  TraceWriter writer;

  void check_pins(const std::string& when) {
    const Pins found = read_pins(plan.pins);
    check_pins_hold(plan.pins, found, when);
    writer.write_pins(found);
  }

  void checkpoint(std::int64_t step) {
    check_pins(step == 0 ? "before step 1" : fmt::format("at step {}", step));
    keep_checkpoint(plan, training, step, places.checkpoints);
  }
};

std::string progress_line(const Plan& plan, const StepRecord& record) {
  return fmt::format("step {} of {}, loss {:.4f}", record.step, plan.steps, value_of(*record.loss));
}

}  // namespace

void record(const Plan& plan, const Program& program, const RunPlaces& places,
            const std::function<void(const std::string& line)>& tell) {
  impose_pins(plan.pins);
  const RunSetup setup(plan, places.order_file);
  const std::unique_ptr<Training> training = program.begin(setup);
  check_pins_hold(plan.pins, read_pins(plan.pins), "before step 1");
  Recording run{plan, places, setup, *training,
                TraceWriter(places.trace, {plan, gather_facts(), setup.shown_data()})};
  run.writer.write(observe(setup, *training, 0));
  run.checkpoint(0);
  for (std::int64_t step = 1; step <= plan.steps; ++step) {
    const StepResult result = training->step(step);
    StepRecord seen = observe(setup, *training, step);
    observe_result(setup, result, seen);
    run.writer.write(seen);
    if (!seen.checkpoint) continue;
    run.checkpoint(step);
    tell(progress_line(plan, seen));
  }
  run.writer.finish();
}

}  // namespace reprise
