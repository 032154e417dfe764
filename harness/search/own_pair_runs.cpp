// SPDX-License-Identifier: Apache-2.0
#include "harness/search/own_pair_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"

namespace reprise {
namespace {

bool is_watched_script(const std::vector<RunTraces>& runs) {
  if (runs.empty()) return false;
  const Trace& trace = runs.front().processes.front().trace;
  return trace.plan().command && !trace.columns().empty();
}

Plan own_plan(const Plan& plan, std::int64_t steps) {
  Plan own = plan;
  own.command->seeding = Seeding::script;
  own.resume_at = 0;
  own.watch = Watch{};
  own.watch.keep = Keep::none;
  own.watch.fresh = plan.watch.fresh;
  own.watch.checkpoint_every = plan.watch.checkpoint_every;
  own.watch.until = std::min(steps, last_step_of(plan));
  return own;
}

// That of a script is unlike only if it shows: equal runs are equal whatever they found.
std::string unlike_start(const std::vector<Configuration>& pair) {
  Starts starts;
  const auto found = starts.difference(pair[0].folder, pair[1].folder);
  return found ? "its two runs did not start alike (" + to_words(*found, "the first", "the second") + "); " +
                     way_out(*found)
               : "";
}

bool runs_part(const std::vector<RunTraces>& runs) {
  return std::ranges::any_of(
      runs, [&](const RunTraces& run) { return divergence_of(runs.front(), run).has_value(); });
}

OwnPair compared(const std::vector<RunTraces>& runs, const std::vector<Configuration>& pair,
                 const Seeds& seeds) {
  for (const auto& one : pair)
    if (!one.outcome.done())
      return untested_pair("a run with seeding=script was not done (" + one.outcome.reason + ")");
  OwnPair found;
  try {
    const RunTraces a = read_run(pair[0].folder), b = read_run(pair[1].folder);
    found = compare_own(a, b, seeds, last_step_of(a.processes.front().trace.plan()));
  } catch (const Error& error) {
    return untested_pair(error.what());
  }
  if (found.result != OwnRepeat::parts) return found;
  if (const std::string unlike = unlike_start(pair); !unlike.empty()) return untested_pair(unlike);
  if (runs_part(runs))
    found.sentence +=
        " Runs that reprise seeds part as well, so the seeds that reprise sets are not the only cause.";
  return found;
}

}  // namespace

std::vector<Configuration> run_own_pair(const Plan& plan, const std::vector<RunTraces>& runs,
                                        const LaunchOptions& options) {
  if (!is_watched_script(runs)) return {};
  const Seeds seeds = seeds_of(runs);
  if (no_pair(seeds)) return {};
  std::vector<Run> pair;
  for (const int repeat : {1, 2})
    pair.push_back(
        {fmt::format("seeding=script, run {}", repeat), own_plan(plan, steps_of_own_pair(seeds)), repeat});
  const auto results = launch(pair, options);
  std::vector<Configuration> made;
  for (std::size_t i = 0; i < pair.size(); ++i)
    made.push_back({pair[i].name, {}, plan_id(pair[i].plan), results[i].folder, results[i].outcome});
  return made;
}

std::optional<OwnSeeds> own_seeds_of(const std::vector<RunTraces>& runs,
                                     const std::vector<Configuration>& pair, const std::string& why_none) {
  if (!is_watched_script(runs)) return std::nullopt;
  OwnSeeds told;
  told.seeds = seeds_of(runs);
  told.alike = alike_in(runs.front(), told.seeds);
  told.pinned = pinned_besides(runs.front().processes.front().trace.plan());
  if (pair.size() == 2) {
    told.pair = compared(runs, pair, told.seeds);
  } else if (auto none = no_pair(told.seeds)) {
    told.pair = *none;
  } else {
    told.pair = untested_pair(why_none);
    told.pair.result = OwnRepeat::not_made;
  }
  return told;
}

}  // namespace reprise
