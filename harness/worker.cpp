// SPDX-License-Identifier: Apache-2.0
// reprise-worker PLAN.toml TRACE.h5: one process is one run of a native recipe, or each rank of it (then
// their traces lie in process-1, process-2 and so on beside TRACE.h5). Started by `reprise`; by hand it works
// too. Exit 0: the trace is there; 2: failed; 3: cannot be done here. The reason is the last line of standard
// error, and the last of its events (harness/plan/worker_event.h).
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/machine/cpu.h"
#include "harness/plan/worker_event.h"
#include "harness/record/device.h"
#include "harness/record/pin_torch.h"
#include "harness/record/ranks/rank_processes.h"
#include "harness/record/skip.h"
#include "harness/record/training/record.h"
#include "harness/record/training/replay.h"
#include "harness/trace/call_file.h"
#include "harness/trace/predictions_file.h"
#include "probes/probing.h"

namespace reprise {
namespace {

constexpr int failed = 2, skipped = 3;

// What of a GPU changes by the minute: beside the trace, not in it.
void write_remarks(const std::string& uuid, const std::filesystem::path& file) {
  const nlohmann::json remarks = gpu_remarks(uuid);
  write_atomically(file, remarks.dump(1) + "\n");
}

const Program& program_named(std::string_view name) {
  constexpr std::string_view probe = "probe/";
  if (!name.starts_with(probe)) return pick(programs_shelf(), name, "program");
  pick(probes_shelf(), name.substr(probe.size()), "probe");
  return probing;
}

// A process that a program under emulation starts is no longer emulated, and a trace must not say that it
// was.
void check_processor(const Plan& plan) {
  if (emulated_cpu(plan.placement.cpu) && this_cpu().emulator.empty())
    fail("the plan wants cpu={}, found a processor that nothing emulates; start the run with `reprise`",
         plan.placement.cpu);
}

RunPlaces places_of(const std::filesystem::path& plan_file, const std::filesystem::path& trace) {
  return {
      .trace = trace,
      .checkpoints = trace.parent_path() / "checkpoints",
      .start_file = plan_file.parent_path() / start_file_name,
      .call_file = trace.parent_path() / call_file_name,
      .predictions = trace.parent_path() / predictions_file_name,
  };
}

// The first line of what LibTorch says, which goes on with a stack, is the sentence.
RankEnd reason_of(int exit_code, const std::string& what) {
  return {exit_code, what.substr(0, what.find('\n'))};
}

// What ended a run, as an exit code and a sentence.
RankEnd end_of(const std::function<void()>& run) {
  try {
    run();
    return {};
  } catch (const Skip& skip) {
    return reason_of(skipped, skip.what());
  } catch (const std::exception& error) {
    const auto gpu = gpu_trouble(error.what());
    return gpu ? RankEnd{gpu->out_of_memory ? skipped : failed, gpu->sentence}
               : reason_of(failed, error.what());
  }
}

// Rank 0 tells of the run and keeps its checkpoints, which are the same in all.
RankEnd train_rank(const Plan& plan, const Program& program, RunPlaces places, const RankPlace& place) {
  places.trace = folder_of_rank(places.trace.parent_path(), place.rank) / places.trace.filename();
  places.call_file = places.trace.parent_path() / call_file_name;
  places.checkpoints = place.rank == 0 ? places.trace.parent_path() / "checkpoints" : std::filesystem::path();
  places.predictions =
      place.rank == 0 ? places.trace.parent_path() / predictions_file_name : std::filesystem::path();
  places.rank = place;
  const auto tell = [&](const WorkerEvent& event) {
    if (place.rank == 0) tell_event(event);
  };
  return end_of([&] { record(plan, program, places, tell); });
}

int refuse(int exit_code, const std::string& sentence) {
  if (std::getenv(events_variable) != nullptr) tell_event({.told = Told::ended, .text = sentence});
  std::fprintf(stderr, "reprise-worker: %s\n", sentence.c_str());
  return exit_code;
}

int train_together(const Plan& plan, const Program& program, const RunPlaces& places) {
  const RankEnd end =
      train_as_ranks(std::filesystem::absolute(places.trace).parent_path(), plan.placement.ranks,
                     [&](const RankPlace& place) { return train_rank(plan, program, places, place); });
  return end.exit_code == 0 ? 0 : refuse(end.exit_code, end.reason);
}

int run(char** arguments) {
  const std::filesystem::path plan_file = arguments[1], trace = arguments[2];
  Plan plan = plan_from_toml(read_file(plan_file, "plan"), plan_file.string());
  check_plan(plan);
  check_processor(plan);
  take_order(plan, plan_file.parent_path() / order_file_name);
  cure_environment(plan.pins, arguments);
  const Program& program = program_named(plan.program);
  const RunPlaces places = places_of(plan_file, trace);
  if (plan.placement.ranks > 1) return train_together(plan, program, places);
  record(plan, program, places, tell_event);
  if (const auto& gpu = gpu_in_use()) write_remarks(gpu->uuid, trace.parent_path() / "remarks.json");
  return 0;
}

// PLAN.toml CALL.safetensors OUT.safetensors [--double]
int replay_call(int count, char** arguments) {
  const std::filesystem::path plan_file = arguments[2];
  const Plan plan = plan_from_toml(read_file(plan_file, "plan"), plan_file.string());
  check_plan(plan);
  check_processor(plan);
  cure_environment(plan.pins, arguments);
  impose_pins(plan.pins);
  replay(arguments[3], arguments[4], count == 6);
  return 0;
}

int show_shelves() {
  auto programs = nlohmann::json::array(), probes = nlohmann::json::array();
  for (const auto& [name, program] : programs_shelf())
    programs.push_back({{"name", name}, {"summary", program->summary}});
  for (const auto& [name, probe] : probes_shelf())
    probes.push_back({{"name", name},
                      {"summary", probe->summary},
                      {"family", to_text(probe->family)},
                      {"rows", !probe->rows.empty()},
                      {"backward", !probe->gradients.empty()}});
  const nlohmann::json all = {{"programs", programs}, {"probes", probes}};
  std::fprintf(stdout, "%s\n", all.dump(2).c_str());
  return 0;
}

int worker(int count, char** arguments) {
  int code = 0;
  const RankEnd end = end_of([&] {
    if (count == 2 && std::string_view(arguments[1]) == "shelves")
      code = show_shelves();
    else if (count >= 5 && std::string_view(arguments[1]) == "replay")
      code = replay_call(count, arguments);
    else if (count == 3)
      code = run(arguments);
    else
      fail(
          "wanted `reprise-worker PLAN.toml TRACE.h5`, `reprise-worker replay PLAN.toml CALL.safetensors "
          "OUT.safetensors [--double]` or `reprise-worker shelves`");
  });
  return end.exit_code == 0 ? code : refuse(end.exit_code, end.reason);
}

}  // namespace
}  // namespace reprise

// A run is over when its files are closed. That LibTorch takes its operators off their lists again, one by
// one, would take a tenth of a short run's time and leave nothing.
int main(int count, char** arguments) {
  const int code = reprise::worker(count, arguments);
  std::fflush(nullptr);
  std::_Exit(code);
}
