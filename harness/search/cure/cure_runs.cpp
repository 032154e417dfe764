// SPDX-License-Identifier: Apache-2.0
#include "harness/search/cure/cure_runs.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"
#include "harness/judge/verdict/overridden.h"
#include "harness/launch/run_folder.h"

namespace reprise {
namespace {

// Where two sides part, they mostly do in the first steps; and fewer steps tell nothing of their time.
constexpr std::int64_t first_steps = 20, steps_beyond = 10;

using Times = std::vector<std::optional<double>>;

// On the side that is slowed most. Nothing where some side told no time.
std::optional<double> ratio_of(const Times& cured, const Times& usual) {
  std::optional<double> most;
  if (cured.size() != usual.size()) return most;
  for (std::size_t i = 0; i < cured.size(); ++i) {
    if (!cured[i] || !usual[i] || !(*usual[i] > 0)) return std::nullopt;
    most = std::max(most.value_or(0), *cured[i] / *usual[i]);
  }
  return most;
}

// A script tells no time of its steps: then that of its run stands for it, which has as many steps.
std::optional<double> time_of(const RunResult& result) {
  if (!result.outcome.done()) return std::nullopt;
  if (const auto told = step_milliseconds(result.folder)) return told;
  return result.outcome.seconds > 0 ? std::optional(1000 * result.outcome.seconds) : std::nullopt;
}

Times times_of(const std::vector<RunResult>& results, std::size_t sides) {
  Times times;
  for (std::size_t i = 0; i < sides; ++i) times.push_back(time_of(results[i]));
  return times;
}

std::int64_t last_step_in(const std::vector<RunTraces>& runs) {
  std::int64_t last = runs.front().processes.front().trace.last_step();
  for (const auto& run : runs) last = std::min(last, run.processes.front().trace.last_step());
  return last;
}

Attempt not_run(const std::string& reason) { return {Attempt::Result::not_run, 0, std::nullopt, reason}; }

// Why equal bits of these runs would show nothing, or "".
std::string no_evidence_in(const std::vector<RunTraces>& runs) {
  const Trace& one = runs.front().processes.front().trace;
  if (one.columns().empty())
    return "no step of it was seen, so that there is nothing to compare over a few steps";
  for (const auto& run : runs)
    if (const auto why = overridden_reason(one, run.processes.front().trace); !why.empty()) return why;
  return "";
}

}  // namespace

CureRuns::CureRuns(std::vector<Run> sides, std::size_t repeats, const LaunchOptions& options)
    : sides_(std::move(sides)), repeats_(repeats), options_(options) {
  check(sides_.size() >= 2, "a cure has two sides at least");
  options_.cores = 1;
}

// Where a set makes plans of several sides one, each of their runs is a repeat of its own.
std::vector<Run> CureRuns::runs_of(const PinSet& set, std::int64_t until) const {
  std::vector<Run> runs = sides_;
  std::set<std::pair<std::string, int>> taken;
  for (auto& run : runs) {
    run.plan = with_pins(run.plan, set);
    if (!set.empty()) run.name += " with " + to_text(set);
    if (until > 0 && until < last_step_of(run.plan)) {
      run.plan.watch.keep = Keep::none;
      run.plan.watch.until = until;
    }
    while (!taken.emplace(plan_id(run.plan), run.repeat).second) ++run.repeat;
  }
  return runs;
}

std::vector<Run> CureRuns::with_repeats(std::vector<Run> runs) const {
  std::set<std::pair<std::string, int>> taken;
  for (const auto& run : runs) taken.emplace(plan_id(run.plan), run.repeat);
  const std::size_t sides = runs.size();
  for (std::size_t side = 1; side < sides; ++side)
    for (std::size_t i = 1; i < repeats_; ++i) {
      Run again = runs[side];
      while (!taken.emplace(plan_id(again.plan), again.repeat).second) ++again.repeat;
      again.name += ", again";
      runs.push_back(std::move(again));
    }
  return runs;
}

std::vector<RunResult> CureRuns::make(const std::vector<Run>& runs) {
  auto results = launch(runs, options_);
  for (const auto& result : results) {
    ++(result.reused ? reused_ : made_);
    if (!result.reused) seconds_ += result.outcome.seconds;
  }
  return results;
}

Attempt CureRuns::compared(const std::vector<Run>& runs, const std::vector<RunResult>& results) {
  for (std::size_t i = 0; i < results.size(); ++i)
    if (!results[i].outcome.done())
      return not_run(runs[i].name + " was not done: " + results[i].outcome.reason);
  parted_.reset();
  std::vector<RunTraces> read;
  for (const auto& result : results) read.push_back(read_run(result.folder));
  for (const auto& one : read) {
    const auto apart = divergence_of(read.front(), one);
    if (apart && (!parted_ || apart->step < parted_->step)) parted_ = apart;
  }
  if (parted_) return {Attempt::Result::parts, parted_->step, std::nullopt, ""};
  if (const auto why = no_evidence_in(read); !why.empty()) return not_run(why);
  return {Attempt::Result::equal, last_step_in(read), std::nullopt, ""};
}

void CureRuns::set_until(std::int64_t step) {
  until_ = std::max({until_, first_steps, step + steps_beyond});
  for (const auto& side : sides_) until_ = std::max(until_, side.plan.resume_at + steps_beyond);
}

Attempt CureRuns::uncured() {
  set_until(0);
  auto runs = runs_of({}, until_);
  auto results = make(runs);
  Attempt attempt = compared(runs, results);
  const bool whole = plan_id(runs.front().plan) == plan_id(sides_.front().plan);
  if (attempt.equal() && !whole) {
    runs = runs_of({}, 0);
    results = make(runs);
    attempt = compared(runs, results);
    if (attempt.equal()) last_step_ = attempt.step;
  } else if (attempt.equal()) {
    last_step_ = attempt.step;
  }
  first_ = parted_;
  if (!attempt.parts()) return attempt;
  for (std::size_t i = 1; i < results.size(); ++i)
    if (const auto unlike = Starts().difference(results.front().folder, results[i].folder))
      return not_run("the runs did not start alike: " + to_words(*unlike, runs.front().name, runs[i].name) +
                     "; " + way_out(*unlike));
  set_until(attempt.step);
  measure_noise();
  return attempt;
}

// The last side once more: does it repeat itself, and how well does the time of its steps?
void CureRuns::measure_noise() {
  auto runs = runs_of({}, until_);
  Run again = runs.back();
  do ++again.repeat;
  while (std::ranges::any_of(runs, [&](const Run& run) {
    return run.repeat == again.repeat && plan_id(run.plan) == plan_id(again.plan);
  }));
  again.name += ", again";
  runs.push_back(again);
  const auto results = make(runs);
  few_times_ = times_of(results, sides_.size());
  if (!results.back().outcome.done() || !results[sides_.size() - 1].outcome.done()) return;
  repeats_itself_ =
      !divergence_of(read_run(results[sides_.size() - 1].folder), read_run(results.back().folder));
  const auto one = few_times_.back(), other = time_of(results.back());
  if (one && other && *one > 0) noise_ = std::max(noise_, std::abs(*other / *one - 1));
}

Attempt CureRuns::few(const PinSet& set) {
  const auto runs = runs_of(set, until_);
  const auto results = make(runs);
  Attempt attempt = compared(runs, results);
  if (attempt.result != Attempt::Result::not_run)
    attempt.ratio = ratio_of(times_of(results, sides_.size()), few_times_);
  return attempt;
}

Attempt CureRuns::whole(const PinSet& set) {
  const auto runs = with_repeats(runs_of(set, 0));
  const auto results = make(runs);
  const Attempt attempt = compared(runs, results);
  if (attempt.equal()) {
    cured_times_.emplace_back(set, times_of(results, sides_.size()));
    last_step_ = attempt.step;
  }
  return attempt;
}

void CureRuns::look_further(std::int64_t step) {
  const std::int64_t before = until_;
  set_until(step);
  if (until_ != before) few_times_ = times_of(make(runs_of({}, until_)), sides_.size());
}

void CureRuns::time_whole_runs() { whole_times_ = times_of(make(runs_of({}, 0)), sides_.size()); }

std::optional<double> CureRuns::whole_ratio(const PinSet& set) const {
  for (const auto& [cured, times] : cured_times_)
    if (cured == set) return ratio_of(times, whole_times_);
  return std::nullopt;
}

std::vector<RunResult> CureRuns::folders_of(const PinSet& set) { return make(runs_of(set, until_)); }

}  // namespace reprise
