// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/time_left.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace reprise {
namespace {

// Events are seen some milliseconds late: a shorter time between two of them measures that.
constexpr double shortest_measure = 0.1;

double seconds_between(TimeLeft::Moment from, TimeLeft::Moment to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void TimeLeft::take(const LaunchEvent& event) {
  if (event.told == LaunchTold::planned) {
    runs_.clear();
    for (const auto& one : event.planned) runs_.emplace_back().planned = one;
    cores_ = std::max(1, event.cores);
    return;
  }
  if (event.run >= runs_.size()) return;
  Observed& run = runs_[event.run];
  if (event.told == LaunchTold::started) run.started = event.at;
  if (event.told == LaunchTold::checkpoint || event.told == LaunchTold::step) {
    if (event.steps > 0) run.planned.steps = event.steps;
    if (!run.first_at) {
      run.first_at = event.at;
      run.first_step = event.step;
    }
    run.last_at = event.at;
    run.last_step = event.step;
  }
  if (event.told == LaunchTold::ended || event.told == LaunchTold::reused) run.settled = true;
  if (event.told == LaunchTold::ended && event.outcome.done()) run.took = event.outcome.seconds;
}

std::optional<double> TimeLeft::step_seconds(const Observed& run) {
  if (!run.first_at || run.last_step <= run.first_step) return std::nullopt;
  const double measured = seconds_between(*run.first_at, *run.last_at);
  if (measured < shortest_measure) return std::nullopt;
  return measured / static_cast<double>(run.last_step - run.first_step);
}

// How long a run takes from its start to its end, measured or, of one that runs, at the pace it goes.
std::optional<double> TimeLeft::whole(const Observed& run) {
  if (run.took) return run.took;
  const auto step = step_seconds(run);
  if (run.settled || !run.started || !step || run.planned.steps < run.last_step) return std::nullopt;
  return seconds_between(*run.started, *run.last_at) +
         *step * static_cast<double>(run.planned.steps - run.last_step);
}

// Of a run that has no measure of its own: the mean of the others, longer or shorter by the steps it takes
// more or less.
std::optional<double> TimeLeft::expected(const Observed& run) const {
  double sum = 0;
  std::size_t bases = 0;
  for (const auto& other : runs_) {
    const auto took = whole(other);
    if (!took) continue;
    const std::int64_t more = run.planned.steps - other.planned.steps;
    const bool known = run.planned.steps > 0 && other.planned.steps > 0;
    const auto step = step_seconds(other);
    if (known && more != 0 && !step) continue;
    sum += *took + (known && more != 0 ? *step * static_cast<double>(more) : 0);
    ++bases;
  }
  if (bases == 0 || sum < 0) return std::nullopt;
  return sum / static_cast<double>(bases);
}

std::optional<double> TimeLeft::left(const Observed& run, Moment now) const {
  if (const auto step = step_seconds(run); step && run.planned.steps >= run.last_step)
    return std::max(0.0, *step * static_cast<double>(run.planned.steps - run.last_step) -
                             seconds_between(*run.last_at, now));
  const auto all = expected(run);
  if (!all || !run.started) return all;
  const double rest = *all - seconds_between(*run.started, now);
  return rest > 0 ? std::optional(rest) : std::nullopt;
}

std::optional<double> TimeLeft::seconds(Moment now) const {
  double work = 0, longest = 0;
  for (const auto& run : runs_) {
    if (run.settled) continue;
    const auto rest = left(run, now);
    if (!rest) return std::nullopt;
    work += *rest * std::clamp(run.planned.cores, 1, cores_);
    longest = std::max(longest, *rest);
  }
  const double all = std::max(longest, work / cores_);
  return all > 0 ? std::optional(all) : std::nullopt;
}

std::size_t TimeLeft::settled() const {
  return static_cast<std::size_t>(std::ranges::count_if(runs_, &Observed::settled));
}

std::string duration_words(double seconds) {
  return seconds < 90     ? fmt::format("{:.0f} s", std::ceil(seconds))
         : seconds < 5400 ? fmt::format("{:.0f} min", std::ceil(seconds / 60))
                          : fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace reprise
