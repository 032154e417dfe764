// SPDX-License-Identifier: Apache-2.0
#include "harness/record/training/record.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/record/device.h"
#include "harness/record/device_digest.h"
#include "harness/record/facts.h"
#include "harness/record/fault_injection.h"
#include "harness/record/operators/kernel_log.h"
#include "harness/record/operators/op_tracer.h"
#include "harness/record/pin_torch.h"
#include "harness/record/skip.h"
#include "harness/record/tensor_digest.h"
#include "harness/record/training/leavings.h"
#include "harness/record/training/run_setup.h"
#include "harness/record/training/step_row.h"
#include "harness/record/training/stored_tensors.h"
#include "harness/record/training/window_size.h"
#include "harness/record/value_keeper.h"
#include "harness/trace/journaled.h"
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
  if (const auto generator = device_generator())
    stage.push_back(digest_of(NamedTensor{"torch.device", generator->get_state()}));
  stage.push_back(digest_of_words("harness.seed", "I64", {}, {setup.draws(Stream::order).seed}));
}

// What decides the next step: random streams, weights, optimizer state.
State observe_state(const RunSetup& setup, Training& training, StepRow& row) {
  State state = training.state();
  row.add(Stage::weights, state.weights);
  row.add(Stage::optimizer, state.optimizer);
  observe_random(setup, row.record());
  return state;
}

// Step 1 too: most differences begin there, and only a checkpoint's leaves tell in which part of a tensor.
bool is_checkpoint(const Plan& plan, std::int64_t step) {
  return step <= 1 || step == plan.watch.from || step == last_step_of(plan) ||
         step % plan.watch.checkpoint_every == 0;
}

// Everything of a step but its loss and metrics.
StepRow observe(const RunSetup& setup, Training& training, std::int64_t step) {
  StepRow row(step, is_checkpoint(setup.plan(), step));
  const State state = observe_state(setup, training, row);
  if (step == setup.plan().watch.from) return row;
  row.add(Stage::gradients, state.gradients);
  row.add(Stage::batch, state.batch);
  StepRecord& record = row.record();
  record.samples = setup.samples(step);
  const auto count = static_cast<std::int64_t>(record.samples.size());
  record.of(Stage::batch).push_back(digest_of_words("index", "I64", {count}, record.samples));
  return row;
}

void observe_result(const RunSetup& setup, const StepResult& result, StepRow& row) {
  row.add_loss(result.loss);
  StepRecord& record = row.record();
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
  if (folder.empty()) return;
  const bool kept = plan.watch.keep == Keep::all || (plan.watch.keep == Keep::last && step == plan.steps);
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
  std::optional<StepRow> held = {};  // the newest row, its digests not fetched yet
  ValueKeeper values{plan.watch.values, places.trace.parent_path()};
  std::chrono::steady_clock::time_point told_at = std::chrono::steady_clock::now();

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

  void write_held() {
    if (!held) return;
    StepRow row = std::move(*held);
    held.reset();
    writer.write(row.take());
  }

  // The row before is written even if this step fails.
  StepResult trained(std::int64_t step) {
    try {
      return training->step(step);
    } catch (...) {
      try {
        write_held();
      } catch (const std::exception&) {  // what the step said is the reason
      }
      throw;
    }
  }

  StepResult train(std::int64_t step) {
    OpWindow window(plan.watch, step, places.call_file);
    const auto began = std::chrono::steady_clock::now();
    StepResult result = trained(step);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    milliseconds.push_back(took.count());
    write_held();  // before the calls of this step, which belong to the row that is written next
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
    if (auto on_device = device_generator(); on_device && stored.device_generator.defined())
      on_device->set_state(stored.device_generator);
    training->restore(step, stored.state);
  }

  void check_room(std::int64_t step) {
    const OperatorWindow& ops = plan.watch.ops;
    if (!ops.holds(step) || step == ops.last) return;
    writer.commit();
    const auto partial = std::filesystem::path(places.trace.string() + ".partial");
    const auto done = step - std::max(ops.first, plan.watch.from) + 1;
    const auto bytes = std::filesystem::file_size(partial) + std::filesystem::file_size(journal_of(partial));
    const std::string trouble = no_room_for_window(bytes, done, ops.last - step,
                                                   std::filesystem::space(partial.parent_path()).available);
    if (!trouble.empty()) fail("{}", trouble);
  }
};

WorkerEvent progress(const Plan& plan, const StepRecord& record) {
  return {.told = Told::step, .step = record.step, .steps = plan.steps, .loss = value_of(*record.loss)};
}

// Between checkpoints, which may be far apart, somebody may wait.
void tell_pace(Recording& run, std::int64_t step, const std::function<void(const WorkerEvent&)>& tell) {
  constexpr std::chrono::seconds between{1};
  const auto now = std::chrono::steady_clock::now();
  if (now - run.told_at < between) return;
  run.told_at = now;
  tell({.told = Told::passed, .step = step, .steps = run.plan.steps});
}

// The held row is written and, at a checkpoint, what goes with it.
void end_step(Recording& run, const std::function<void(const WorkerEvent&)>& tell) {
  StepRecord seen = run.held->take();
  run.held.reset();
  run.writer.write(seen);
  run.check_room(seen.step);
  if (!seen.checkpoint) return;
  run.checkpoint(seen.step);
  tell(progress(run.plan, seen));
}

// The row of a step after which the training began anew: its state is that of the new training.
StepRow resumed_row(Recording& run, std::int64_t step, StepRow row) {
  StepRecord seen = row.take();
  run.resume(step);
  StepRow again(step, seen.checkpoint);
  observe_state(run.setup, *run.training, again);
  for (const Stage stage : {Stage::batch, Stage::loss, Stage::gradients})
    again.record().of(stage) = std::move(seen.of(stage));
  again.record().loss = seen.loss;
  again.record().metrics = std::move(seen.metrics);
  again.record().samples = std::move(seen.samples);
  again.begin();
  return again;
}

// Steps 1 and later: trains, injects the fault that is asked for, writes the row.
void make_step(Recording& run, std::int64_t step, const std::function<void(const WorkerEvent&)>& tell) {
  const Plan& plan = run.plan;
  const StepResult result = run.train(step);
  run.setup.end_step(step);
  tell_pace(run, step, tell);
  if (const Fault* fault = fault_at(plan, step); fault != nullptr && fault->weight != nullptr)
    inject(*fault, run.training->state());
  if (run.values.wants(step, Stage::weights)) see_all(run.values, step, run.training->state());
  StepRow row = observe(run.setup, *run.training, step);
  observe_result(run.setup, result, row);
  row.begin();
  if (plan.resume_at == step && step < plan.steps) row = resumed_row(run, step, std::move(row));
  run.held = std::move(row);
  if (run.held->waiting() && !run.held->record().checkpoint && !plan.watch.ops.holds(step)) return;
  end_step(run, tell);
}

// Where digests on the device are made, and who tells its kernels; nothing on the CPU.
Facts device_facts(const Plan& plan) {
  Facts facts;
  if (!device_in_use().is_cpu()) facts["digest.device"] = digest_place(device_in_use());
  const std::string kernels = plan.watch.ops.empty() ? "" : kernels_place();
  if (!kernels.empty()) facts["kernels.device"] = kernels;
  return facts;
}

void tell_changes(const Facts& first, const Facts& now, const std::function<void(const WorkerEvent&)>& tell) {
  for (const auto& [name, what] :
       {std::pair{"digest.device", "digests of the GPU's tensors were made differently from at first"},
        std::pair{"kernels.device", "the kernels of operator calls were not told any more"}}) {
    const auto before = first.find(name), after = now.find(name);
    if (before == first.end() || after == now.end() || before->second == after->second) continue;
    tell({.told = Told::note, .text = fmt::format("after some steps, {}: {}", what, after->second)});
  }
}

// What the program leaves at the end of its plan, so that a published digest can be held against it.
void keep_left(const Recording& run) {
  if (last_step_of(run.plan) != run.plan.steps) return;
  const auto artifacts = artifacts_of(run.training->left());
  if (!artifacts.empty()) add_artifacts(run.places.trace, artifacts);
  if (const auto kept = run.training->predictions(); kept && !run.places.predictions.empty())
    write_tensors(run.places.predictions,
                  {{"label", kept->label.cpu()}, {"predicted", kept->predicted.cpu()}},
                  {{"accuracy", kept->accuracy}, {"plan", plan_id(run.plan)}});
}

std::unique_ptr<Ranks> ranks_of(const RunPlaces& places) {
  if (!places.rank) return nullptr;
  if (!device_in_use().is_cpu())
    throw Skip(fmt::format("several ranks of a native recipe train on the CPU only, found device {}",
                           device_in_use().str()));
  return std::make_unique<Ranks>(*places.rank);
}

double median_milliseconds(const Recording& run) {
  auto sorted = run.milliseconds;
  std::ranges::sort(sorted);
  return sorted[sorted.size() / 2];
}

}  // namespace

void record(const Plan& plan, const Program& program, const RunPlaces& places,
            const std::function<void(const WorkerEvent&)>& tell) {
  impose_pins(plan.pins);
  const auto ranks = ranks_of(places);
  const RunSetup setup(plan, ranks.get());
  const bool late = plan.watch.from > 0;
  Watch asleep;
  OpWindow window(late ? asleep : plan.watch, 0, places.call_file);
  std::unique_ptr<Training> training = program.begin(setup);
  const auto calls = window.take();
  check_pins_hold(plan.pins, read_pins(plan.pins), "before step 1");
  Facts facts = gather_facts();
  const Facts on_device = device_facts(plan);
  facts.insert(on_device.begin(), on_device.end());
  if (ranks) facts["process.rank"] = std::to_string(ranks->rank());
  Recording run{plan,
                program,
                places,
                setup,
                std::move(training),
                TraceWriter(places.trace, {plan, facts, setup.shown_data()})};
  tell({.told = Told::ready});
  if (late) run.go_on_from(places.start_file, plan.watch.from);
  run.writer.write_calls(calls);
  StepRow first = observe(setup, *run.training, plan.watch.from);
  first.begin();
  run.writer.write(first.take());
  run.checkpoint(plan.watch.from);
  for (std::int64_t step = plan.watch.from + 1; step <= last_step_of(plan); ++step)
    make_step(run, step, tell);
  run.writer.finish();
  keep_left(run);
  tell_changes(on_device, device_facts(plan), tell);
  tell({.told = Told::step_time, .milliseconds = median_milliseconds(run)});
}

}  // namespace reprise
