// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/run_making.h"

#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/launch/emulator.h"
#include "harness/launch/worker_torch.h"
#include "harness/plan/devices.h"
#include "harness/plan/environment.h"
#include "harness/plan/worker_event.h"
#include "harness/trace/rank_marks.h"
#include "harness/watch/command_run.h"
#include "harness/watch/command_setting.h"
#include "harness/watch/left_files.h"
#include "harness/watch/observed_torch.h"
#include "harness/watch/opened_files.h"
#include "harness/watch/process_outcome.h"
#include "harness/watch/run_processes.h"
#include "harness/watch/run_start.h"
#include "harness/watch/saved_files.h"

namespace reprise {

namespace fs = std::filesystem;

fs::path worker_of(const LaunchOptions& options) {
  const fs::path worker =
      options.worker.empty() ? program_folder() / "reprise-worker" : fs::absolute(options.worker);
  if (::access(worker.c_str(), X_OK) == 0) return worker;
  const std::string torch = torch_at_hand(options);
  fail(
      "no worker at {0}, which native recipes need; `reprise torch add {1} --for recipes` builds one, once "
      "(docs/install.md says what that needs), and a checkout's build makes it "
      "(cmake --build build --target reprise-worker); or name one with --worker",
      worker.string(), torch.empty() ? "VERSION" : torch);
}

void RunMaking::find_way(const Plan& plan, const Tell& tell) {
  const auto key = std::pair(plan.command->folder, plan.watch.fresh);
  if (ways_.contains(key)) return;
  const FreshWay way = fresh_way(plan, options_.runs, options_.copy_any);
  if (!way.overlay)
    tell(fmt::format("copies its folder for each run, {} ({})", size_for_people(way.bytes), way.reason));
  ways_.emplace(key, way);
}

std::string RunMaking::other_torch(const Plan& plan) {
  if (plan.placement.torch.empty()) return "";
  std::string found;
  if (!plan.command) {
    const auto emulated = emulation_here(plan, options_).run;
    const fs::path program = emulated ? emulated->worker : worker(plan);
    if (const std::string stale = why_stale(program); !stale.empty()) return stale;
    found = torch_wanted_by(program);
  } else {
    const auto setting = command_setting(plan, "", [](const std::string&) {});
    if (setting.recorder) found = setting.recorder->torch;
  }
  if (release_of(found) == plan.placement.torch) return "";
  return fmt::format("the plan wants torch {0}, found {1}; `reprise torch add {0}` makes it ready{2}",
                     plan.placement.torch, found.empty() ? "none" : found,
                     plan.command ? ", for commands that begin with plain `python`"
                                  : ", or name another worker with --worker");
}

namespace {

std::string emulator_given(const EmulatedRun& run) {
  return run.name() + " " + sha256_file(run.emulator.program);
}

}  // namespace

GivenNow RunMaking::now_of(const Plan& plan, const Tell& tell) {
  if (plan.command) {
    GivenNow now = command_now(plan, tell);
    if (const auto emulated = emulation_here(plan, options_).run)
      now.given = [given = now.given, emulator = emulator_given(*emulated)] {
        Facts all = given();
        all["emulator"] = emulator;
        return all;
      };
    return now;
  }
  return {
      [this, &plan] {
        auto& given =
            worker_given_[fmt::format("{} {} {}", wants_gpu(plan), plan.placement.cpu, plan.placement.torch)];
        if (given.empty()) given = worker_given(plan);
        return given;
      },
      [] { return Facts(); },
      {}};
}

std::string RunMaking::no_processor(const Plan& plan) { return emulation_here(plan, options_).trouble; }

Facts RunMaking::worker_given(const Plan& plan) {
  const fs::path& own = worker(plan);
  const auto emulated = emulation_here(plan, options_).run;
  Facts given = worker_givens(plan, emulated ? emulated->worker : own, worker_variables(plan));
  if (!emulated) return given;
  given["emulator"] = emulator_given(*emulated);
  // The loader of another architecture cannot be asked which libraries it finds.
  if (!emulated->sysroot.empty())
    for (const auto& library : {"libtorch_cpu.so", "libc10.so"})
      given[std::string("library ") + library] =
          sha256_file(emulated->worker.parent_path().parent_path() / "lib/torch" / library);
  return given;
}

const RunMaking::Worker& RunMaking::worker_at(const Plan& plan) {
  Worker& known = workers_[plan.placement.torch];
  if (known.program.empty()) {
    const LaunchOptions options = worker_for(plan, options_);
    known.torch = torch_variables(options);
    known.program = worker_of(options);
  }
  return known;
}

const fs::path& RunMaking::worker(const Plan& plan) { return worker_at(plan).program; }

std::map<std::string, std::string> RunMaking::worker_variables(const Plan& plan) {
  auto variables = run_environment(plan);
  for (const auto& [name, value] : worker_at(plan).torch) variables[name] = value;
  return variables;
}

ProcessStart RunMaking::start_of(const Plan& plan, const fs::path& folder, const Tell& tell) {
  if (plan.command) {
    ProcessStart start = command_start(plan, folder, tell);
    const auto way = ways_.find({plan.command->folder, plan.watch.fresh});
    // Before a view of its own is entered: it is the command that is emulated.
    if (const auto emulated = emulation_here(plan, options_).run) emulate(*emulated, start);
    begin_evidence(plan, folder, fs::absolute(options_.runs),
                   way == ways_.end() ? std::nullopt : std::optional(way->second), now_of(plan, tell), start);
    return start;
  }
  write_start({now_of(plan, tell).given(), {}, "", {}, true, ""}, folder);
  const fs::path program = worker(plan);
  ProcessStart start{{program.string(), (folder / "plan.toml").string(), (folder / "trace.h5").string()},
                     worker_variables(plan),
                     folder / "log.txt",
                     {}};
  keep_events(start, folder / events_file_name);
  if (const auto emulated = emulation_here(plan, options_).run) emulate(*emulated, start);
  return start;
}

Outcome RunMaking::outcome_of_run(const Plan& plan, const fs::path& run, const ProcessEnd& end) {
  const fs::path folder = fs::absolute(run);
  const auto settled = settle_processes(folder, end.timed_out);
  if (!plan.command) {
    const fs::path log = run / "log.txt";
    Outcome outcome =
        outcome_of(end, run / "trace.h5", log, options_.time_limit, events_in(run / events_file_name));
    if (const auto stand = sentence_of(rank_marks_in(folder / rank_marks_name));
        outcome.ending == Ending::timed_out && !stand.empty())
      outcome.reason += "; " + stand;
    const auto emulated = emulation_here(plan, options_).run;
    return emulated ? emulated_outcome(outcome, *emulated, log) : outcome;
  }
  const auto notes = end_evidence(plan, folder, fs::absolute(options_.runs));
  Outcome outcome = command_outcome(end, run, settled, options_.time_limit);
  if (const auto emulated = emulation_here(plan, options_).run)
    outcome = emulated_outcome(outcome, *emulated, run / "log.txt");
  if (!outcome.done()) return outcome;
  digest_opened(folder, plan.watch.hash_all_files);
  outcome.notes.insert(outcome.notes.end(), notes.begin(), notes.end());
  keep_left(plan, folder);
  const auto saved = saved_unobserved(plan, folder);
  outcome.notes.insert(outcome.notes.end(), saved.begin(), saved.end());
  return outcome;
}

}  // namespace reprise
