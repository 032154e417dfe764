// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/replay.h"

#include "harness/base/files.h"
#include "harness/base/process.h"
#include "harness/launch/emulator.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/worker_torch.h"
#include "harness/plan/environment.h"
#include "harness/plan/node_kind.h"
#include "harness/plan/worker_event.h"
#include "harness/watch/process_outcome.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

Outcome untested(std::string reason) {
  Outcome outcome;
  outcome.ending = Ending::skipped;
  outcome.reason = std::move(reason);
  return outcome;
}

}  // namespace

Outcome replay(const Plan& plan, const fs::path& call, const fs::path& out, bool in_double,
               const LaunchOptions& given) {
  const LaunchOptions options = worker_for(plan, given);
  if (is_made_elsewhere(plan, options) || (!kind_of(plan).empty() && !options.right_kind))
    // What a call gives here says nothing of what it gave there.
    return untested("its run was made on another machine, and a call is made again on this one alone");
  const fs::path place = fs::absolute(out), log = place.string() + ".log",
                 plan_file = place.string() + ".toml";
  write_atomically(plan_file, to_toml(plan));
  auto variables = run_environment(plan);
  for (const auto& [name, value] : torch_variables(options)) variables[name] = value;
  ProcessStart how{{worker_of(options).string(), "replay", plan_file.string(), fs::absolute(call).string(),
                    place.string()},
                   variables,
                   log,
                   {}};
  keep_events(how, place.string() + ".events");
  const auto emulation = emulation_here(plan, options);
  if (!emulation.trouble.empty()) return untested(emulation.trouble);
  if (emulation.run) emulate(*emulation.run, how);
  if (in_double) how.arguments.emplace_back("--double");
  const ProcessEnd end = Process(how, options.time_limit).wait();
  return outcome_of(end, place, log, options.time_limit, events_in(how.events));
}

}  // namespace reprise
