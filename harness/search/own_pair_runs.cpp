// SPDX-License-Identifier: Apache-2.0
#include "harness/search/own_pair_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"
#include "harness/plan/pins.h"

namespace reprise {
namespace {

const std::string hash_seed = "python-hash-seed";

bool is_watched_script(const std::vector<RunTraces>& runs) {
  if (runs.empty()) return false;
  const Trace& trace = runs.front().processes.front().trace;
  return trace.plan().command && !trace.columns().empty();
}

Plan own_plan(const Plan& plan, std::int64_t steps) {
  Plan own = plan;
  own.command->seeding = Seeding::script;
  own.pins[hash_seed] = "random";
  own.resume_at = 0;
  own.watch = Watch{};
  own.watch.keep = Keep::none;
  own.watch.fresh = plan.watch.fresh;
  own.watch.checkpoint_every = plan.watch.checkpoint_every;
  own.watch.until = std::min(steps, last_step_of(plan));
  return own;
}

// Of a pair whose bits differ; what makes an equal pair show nothing, reads_what_was_left() says.
std::string unlike_start(const std::vector<Configuration>& pair) {
  Starts starts;
  const auto found = starts.difference(pair[0].folder, pair[1].folder);
  return found ? "its two runs did not start alike (" + to_words(*found, "the first", "the second") + "); " +
                     way_out(*found)
               : "";
}

// A file that a run before the pair wrote and that the pair read: it repeats what that run came to.
std::string reads_what_was_left(const std::vector<RunTraces>& runs, const std::vector<Configuration>& pair) {
  Starts starts;
  std::vector<std::pair<std::string, std::filesystem::path>> folders;
  folders.emplace_back("a run before them", runs.front().processes.front().trace.path().parent_path());
  for (const auto& one : pair) folders.emplace_back("the pair of runs with seeding=script", one.folder);
  return left_by_another(folders, starts);
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
  if (found.result == OwnRepeat::repeats)
    if (std::string left = reads_what_was_left(runs, pair); !left.empty()) {
      left.pop_back();
      return untested_pair("its two runs are equal, and that shows nothing. " + left);
    }
  if (found.result != OwnRepeat::parts) return found;
  if (const std::string unlike = unlike_start(pair); !unlike.empty()) return untested_pair(unlike);
  if (runs_part(runs))
    found.sentence +=
        " Runs that reprise seeds part as well, so the seeds that reprise sets are not the only cause.";
  return found;
}

// The first plan that wants a pair.
const PlanRuns* wanting(const std::vector<PlanRuns>& plans) {
  for (const auto& one : plans)
    if (is_watched_script(one.runs) && !no_pair(seeds_of(one.runs))) return &one;
  return nullptr;
}

// What of other plans is told otherwise than of those before them.
void add_others(const std::vector<PlanRuns>& plans, OwnSeeds& told) {
  for (const auto& one : plans) {
    if (&one == &plans.front() || !is_watched_script(one.runs)) continue;
    const Seeds seeds = seeds_of(one.runs);
    for (auto alike : alike_in(one.runs.front(), seeds)) {
      if (std::ranges::find(told.alike, alike) != told.alike.end()) continue;
      alike.sentence = one.configuration + ": " + alike.sentence;
      told.alike.push_back(alike);
    }
    const auto same = [&](const Seeds& other) { return is_told_alike(seeds, other); };
    if (!same(told.seeds) && std::ranges::none_of(told.others, same, &PlanSeeds::seeds))
      told.others.push_back({one.configuration, seeds});
  }
}

// Every plan has the one number that reprise gave Python instead of a seed of its own.
bool pins_hash_seed(const std::vector<PlanRuns>& plans) {
  const std::string_view first = pin_value(plans.front().plan.pins, hash_seed);
  return !first.empty() && first != "random" && std::ranges::all_of(plans, [&](const PlanRuns& one) {
    return pin_value(one.plan.pins, hash_seed) == first;
  });
}

OwnPair pair_of(const std::vector<PlanRuns>& plans, const std::vector<Configuration>& pair,
                const std::string& why_none, const OwnSeeds& told) {
  const PlanRuns* asked = wanting(plans);
  if (asked == nullptr) {
    OwnPair none = *no_pair(told.seeds);
    if (none.result == OwnRepeat::not_needed && told.seeds.imposed && pins_hash_seed(plans))
      none.sentence += fmt::format(
          " Whether it depends on Python's hash seed, which reprise set, is untested (--axis {}=0,1 tests "
          "it).",
          hash_seed);
    return none;
  }
  if (pair.size() != 2) {
    OwnPair none = untested_pair(why_none);
    none.result = OwnRepeat::not_made;
    return none;
  }
  OwnPair found = compared(asked->runs, pair, seeds_of(asked->runs));
  if (!told.others.empty())
    found.sentence += fmt::format(" This was tried in the configuration {} alone.", asked->configuration);
  return found;
}

}  // namespace

void add_run(std::vector<PlanRuns>& plans, const std::string& configuration, const Plan& plan,
             RunTraces run) {
  const std::string id = plan_id(plan);
  for (auto& one : plans)
    if (plan_id(one.plan) == id) return one.runs.push_back(std::move(run));
  plans.push_back({configuration, plan, {std::move(run)}});
}

std::vector<Configuration> run_own_pair(const std::vector<PlanRuns>& plans, const LaunchOptions& options) {
  const PlanRuns* asked = wanting(plans);
  if (asked == nullptr) return {};
  std::vector<Run> pair;
  for (const int repeat : {1, 2})
    pair.push_back({fmt::format("seeding=script, run {}", repeat),
                    own_plan(asked->plan, steps_of_own_pair(seeds_of(asked->runs))), repeat});
  const auto results = launch(pair, options);
  std::vector<Configuration> made;
  for (std::size_t i = 0; i < pair.size(); ++i)
    made.push_back({pair[i].name, {}, plan_id(pair[i].plan), results[i].folder, results[i].outcome});
  return made;
}

std::optional<OwnSeeds> own_seeds_of(const std::vector<PlanRuns>& plans,
                                     const std::vector<Configuration>& pair, const std::string& why_none) {
  if (plans.empty() || !is_watched_script(plans.front().runs)) return std::nullopt;
  OwnSeeds told;
  told.seeds = seeds_of(plans.front().runs);
  told.alike = alike_in(plans.front().runs.front(), told.seeds);
  told.pinned = pinned_besides(plans.front().plan);
  add_others(plans, told);
  told.pair = pair_of(plans, pair, why_none, told);
  return told;
}

}  // namespace reprise
