// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/probe/probe_costs.h"

#include <algorithm>

#include "harness/launch/run_folder.h"

namespace reprise {
namespace {

constexpr int rounds = 3;
// Of runs that are for their time: those of others went side by side.
constexpr int first_repeat = 101;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// By how much the slowest and the fastest differ, as a part of the median.
double spread(const std::vector<double>& values) {
  const auto [least, most] = std::ranges::minmax(values);
  return (most - least) / median(values);
}

Plan with_mode(Plan plan, const char* mode) {
  plan.pins["deterministic"] = mode;
  return plan;
}

std::optional<ProbeCost> cost_of(const std::vector<double>& with, const std::vector<double>& without) {
  if (with.size() < rounds || without.size() < rounds || median(without) <= 0) return std::nullopt;
  return ProbeCost{median(with) / median(without), std::max(spread(with), spread(without))};
}

}  // namespace

void add_costs(const std::vector<std::vector<ProbeRun>>& asked, std::vector<ProbeVerdict>& verdicts,
               const LaunchOptions& how) {
  LaunchOptions alone = how;
  alone.cores = 1;
  std::vector<Run> runs;
  std::vector<std::size_t> owners;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Plan& baseline = asked[i].front().plan;
    if (baseline.command || verdicts[i].cells.front().finding == ProbeFinding::untested) continue;
    for (int round = 0; round < rounds; ++round)
      for (const char* mode : {"on", "off"}) {
        runs.push_back({verdicts[i].probe + " deterministic=" + mode + ", for its time",
                        with_mode(baseline, mode), first_repeat + round});
        owners.push_back(i);
      }
  }
  const auto results = launch(runs, alone);
  std::vector<std::vector<double>> with(verdicts.size()), without(verdicts.size());
  for (std::size_t k = 0; k < results.size(); ++k)
    if (const auto time = results[k].outcome.done() ? step_milliseconds(results[k].folder) : std::nullopt)
      (runs[k].plan.pins.at("deterministic") == "on" ? with : without)[owners[k]].push_back(*time);
  for (std::size_t i = 0; i < verdicts.size(); ++i) verdicts[i].cost = cost_of(with[i], without[i]);
}

}  // namespace reprise
