// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/self_test_runs.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/plan/fault.h"

namespace reprise {
namespace {

constexpr std::int64_t most_steps = 3, fault_step = 2;

// The plan as it is, but short and without a closer look.
Plan short_plan(const Plan& plan) {
  Plan brief = plan;
  brief.resume_at = 0;
  brief.watch = Watch{};
  brief.watch.keep = Keep::none;
  brief.watch.fresh = plan.watch.fresh;
  brief.watch.checkpoint_every = plan.watch.checkpoint_every;
  brief.watch.until = plan.command ? most_steps : std::min(most_steps, plan.steps);
  return brief;
}

// Of a command its batches are its own, and a script may well seed anew and then must not move.
Plan with_fault(const Plan& clean, std::string_view name, const Fault& fault, std::int64_t step) {
  Plan faulty = clean;
  if (fault.plan != nullptr)
    fault.plan(faulty);
  else
    faulty.watch.injected = InjectedFault{std::string(name), step};
  return faulty;
}

}  // namespace

std::vector<Run> self_test_runs(const Plan& plan) {
  const Plan clean = short_plan(plan);
  const std::int64_t step = plan.command ? fault_step : std::min(fault_step, plan.steps);
  std::vector<Run> runs;
  const auto add = [&](const std::string& name, const Plan& what, int repeat = 1) {
    runs.push_back({name, what, repeat});
  };
  add("clean", clean);
  add("again", clean, 2);
  for (const auto& [name, fault] : faults_shelf())
    if (!plan.command || fault->weight != nullptr)
      add(std::string(name), with_fault(clean, name, *fault, step));
  Plan watched = clean;
  watched.watch.ops.first = 0;
  watched.watch.ops.last = clean.watch.until;
  add("watched", watched);
  if (plan.command) return runs;
  Plan resumed = clean;
  resumed.resume_at = step;
  add("resumed", resumed);
  return runs;
}

}  // namespace reprise
