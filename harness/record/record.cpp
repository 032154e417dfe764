// SPDX-License-Identifier: Apache-2.0
#include "harness/record/record.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/facts.h"
#include "harness/record/op_tracer.h"
#include "harness/record/pin_torch.h"
#include "harness/record/run_setup.h"
#include "harness/record/sowing.h"
#include "harness/record/stored_tensors.h"
#include "harness/record/tensor_digest.h"
#include "harness/record/window_size.h"
#include "harness/trace/trace_writer.h"

namespace reprise {
namespace {

TensorDigest digest_of_words(std::string name, std::string_view dtype, const std::vector<std::int64_t>& shape,
                             const std::vector<std::uint64_t>& words) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  return named_digest(std::move(name), {dtype, shape, strides, words.data(), sizeof(std::uint64_t)});
}

void observe_random(const Setup& setup, StepRecord& record) {
  auto& stage = record.of(Stage::rng);
  stage.push_back(generator_digest());
  stage.push_back(digest_of_words("harness.seed", "I64", {}, {setup.draws(Stream::order).seed}));
}

// What decides the next step: random streams, weights, optimizer state.
State observe_state(const RunSetup& setup, Training& training, StepRecord& record) {
  State state = training.state();
  record.of(Stage::weights) = digests_of(state.weights);
  record.of(Stage::optimizer) = digests_of(state.optimizer);
  record.of(Stage::rng).clear();
  observe_random(setup, record);
  return state;
}

// Everything of a step but its loss and metrics.
StepRecord observe(const RunSetup& setup, Training& training, std::int64_t step) {
  StepRecord record;
  record.step = step;
  const State state = observe_state(setup, training, record);
  // Step 1 too: most differences begin there, and only a checkpoint's leaves tell in which part of a tensor.
  record.checkpoint = step <= 1 || step == setup.plan().watch.from || step == last_step_of(setup.plan()) ||
                      step % setup.plan().watch.checkpoint_every == 0;
  if (step == setup.plan().watch.from) return record;
  record.of(Stage::gradients) = digests_of(state.gradients);
  auto& batch = record.of(Stage::batch);
  batch = digests_of(state.batch);
  record.samples = setup.samples(step);
  const auto count = static_cast<std::int64_t>(record.samples.size());
  batch.push_back(digest_of_words("index", "I64", {count}, record.samples));
  return record;
}

void observe_result(const RunSetup& setup, const StepResult& result, StepRecord& record) {
  record.loss = loss_of(result.loss);
  record.of(Stage::loss).push_back(digest_of(NamedTensor{"loss", result.loss}));
  for (const auto& [name, value] : result.metrics) record.metrics.push_back({name, value});
  const Plan& plan = setup.plan();
  if (!plan.metric || !setup.evaluates(record.step)) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : result.metrics) names.push_back(name);
  if (std::find(names.begin(), names.end(), plan.metric->name) == names.end())
    fail("program {} does not report the recipe's metric at step {}: {}", plan.program, record.step,
         unknown_name("metric", plan.metric->name, names));
}

void keep_checkpoint(const Plan& plan, Training& training, std::int64_t step,
                     const std::filesystem::path& folder) {
  const bool kept = plan.watch.keep == "all" || (plan.watch.keep == "last" && step == plan.steps);
  if (!kept) return;
  make_folder(folder);
  write_state(folder / fmt::format("step-{:08}.safetensors", step), training.state(), plan, step);
}

// A run in progress: what the loop's parts share.
struct Recording {
  const Plan& plan;
  const Program& program;
  const RunPlaces& places;
  const RunSetup& setup;
  std::unique_ptr<Training> training;
  TraceWriter writer;
  std::vector<double> milliseconds = {};

  void check_pins(const std::string& when) {
    const Pins found = read_pins(plan.pins);
    check_pins_hold(plan.pins, found, when);
    writer.write_pins(found);
  }

  void checkpoint(std::int64_t step) {
    check_pins(step == plan.watch.from ? fmt::format("before step {}", step + 1)
                                       : fmt::format("at step {}", step));
    keep_checkpoint(plan, *training, step, places.checkpoints);
  }

  StepResult train(std::int64_t step) {
    OpWindow window(plan.watch, step, places.call_file);
    const auto began = std::chrono::steady_clock::now();
    StepResult result = training->step(step);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    milliseconds.push_back(took.count());
    writer.write_calls(window.take());
    return result;
  }

  // Ends the training, begins it anew from its own checkpoint, as a file, and lets it go on.
  void resume(std::int64_t step) {
    const auto file = std::filesystem::path(places.trace.string() + ".resume.safetensors");
    write_state(file, training->state(), plan, step);
    training.reset();
    training = program.begin(setup);
    go_on_from(file, step);
    std::filesystem::remove(file);
  }

  void go_on_from(const std::filesystem::path& file, std::int64_t step) {
    const StoredState stored = read_state(file, plan, step);
    // Before the recipe's own part: a recipe that seeds anew when it resumes must be seen doing so.
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    generator.set_state(stored.generator);
    training->restore(step, stored.state);
  }

  void check_room(std::int64_t step) {
    const OperatorWindow& ops = plan.watch.ops;
    if (!ops.holds(step) || step == ops.last) return;
    writer.commit();
    const auto partial = std::filesystem::path(places.trace.string() + ".partial");
    const auto done = step - std::max(ops.first, plan.watch.from) + 1;
    const std::string trouble = no_room_for_window(std::filesystem::file_size(partial), done, ops.last - step,
                                                   std::filesystem::space(partial.parent_path()).available);
    if (!trouble.empty()) fail("{}", trouble);
  }
};

std::string progress_line(const Plan& plan, const StepRecord& record) {
  return fmt::format("step {} of {}, loss {:.4f}", record.step, plan.steps, value_of(*record.loss));
}

// Steps 1 and later: trains, sows what is to be sown, writes the row.
void make_step(Recording& run, std::int64_t step, const std::function<void(const std::string&)>& tell) {
  const Plan& plan = run.plan;
  const StepResult result = run.train(step);
  const auto& sown = plan.watch.sown;
  if (sown && sown->fault == "flip-bit" && sown->step == step) flip_bit(run.training->state());
  StepRecord seen = observe(run.setup, *run.training, step);
  observe_result(run.setup, result, seen);
  if (plan.resume_at == step && step < plan.steps) {
    run.resume(step);
    observe_state(run.setup, *run.training, seen);
  }
  run.writer.write(seen);
  run.check_room(step);
  if (!seen.checkpoint) return;
  run.checkpoint(step);
  tell(progress_line(plan, seen));
}

std::string time_line(const Recording& run) {
  auto sorted = run.milliseconds;
  std::ranges::sort(sorted);
  return fmt::format("steps {} to {} took a median of {:.3f} ms", run.plan.watch.from + 1,
                     last_step_of(run.plan), sorted[sorted.size() / 2]);
}

}  // namespace

void record(const Plan& plan, const Program& program, const RunPlaces& places,
            const std::function<void(const std::string& line)>& tell) {
  impose_pins(plan.pins);
  const RunSetup setup(plan, places.order_file);
  const bool late = plan.watch.from > 0;
  Watch asleep;
  OpWindow window(late ? asleep : plan.watch, 0, places.call_file);
  std::unique_ptr<Training> training = program.begin(setup);
  const auto calls = window.take();
  check_pins_hold(plan.pins, read_pins(plan.pins), "before step 1");
  Recording run{plan,
                program,
                places,
                setup,
                std::move(training),
                TraceWriter(places.trace, {plan, gather_facts(), setup.shown_data()})};
  if (late) run.go_on_from(places.start_file, plan.watch.from);
  run.writer.write_calls(calls);
  run.writer.write(observe(setup, *run.training, plan.watch.from));
  run.checkpoint(plan.watch.from);
  for (std::int64_t step = plan.watch.from + 1; step <= last_step_of(plan); ++step)
    make_step(run, step, tell);
  run.writer.finish();
  tell(time_line(run));
}

}  // namespace reprise
