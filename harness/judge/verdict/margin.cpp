// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/margin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise {
namespace {

struct Side {
  std::set<Digest> chains;
  std::set<Digest> weights;  // that trainings ended with: random streams alone make no other training
  std::vector<double> values;
  std::int64_t first_nan = -1;  // the first step at which a run's loss is not a number
};
struct Sides {
  Side reference, ours;
  bool moved() const { return reference.chains != ours.chains; }
  std::size_t smaller() const { return std::min(reference.values.size(), ours.values.size()); }
};

// Sides by the values of all factors that are neither this one, nor statistical, nor the repeat.
std::vector<Sides> sides_of(const Tested& tested, const Factor& factor, const std::string& value) {
  std::map<std::vector<std::string>, Sides> groups;
  for (std::size_t i = 0; i < tested.configurations.size(); ++i) {
    const auto& values = tested.configurations[i]->values;
    const std::string& mine = values.at(factor.name);
    if (mine != factor.values.front() && mine != value) continue;
    std::vector<std::string> key;
    for (const auto& other : tested.factors)
      if (other.name != factor.name && other.name != "repeat" && other.promise != Promise::statistical)
        key.push_back(values.at(other.name));
    auto& sides = groups[key];
    auto& side = mine == factor.values.front() ? sides.reference : sides.ours;
    const auto& trace = tested.diff->traces[i];
    if (trace.last_step < trace.planned_steps || !side.chains.insert(trace.chain).second) continue;
    if (trace.final_weights.present() && trace.processes.size() < 2 &&
        !side.weights.insert(trace.final_weights).second)
      continue;
    if (trace.first_nan >= 0 && (side.first_nan < 0 || trace.first_nan < side.first_nan))
      side.first_nan = trace.first_nan;
    const auto metric = trace.final_metrics.find(tested.metric->name);
    if (metric != trace.final_metrics.end()) side.values.push_back(metric->second);
  }
  std::vector<Sides> found;
  for (auto& [key, sides] : groups)
    if (!sides.reference.chains.empty() && !sides.ours.chains.empty() && sides.moved())
      found.push_back(std::move(sides));
  return found;
}

std::string in_units(double value, const Metric& metric) {
  // Four significant digits are more than any margin asks for.
  return fmt::format("{:.4g}{}{}", value, metric.unit.empty() ? "" : " ", metric.unit);
}

std::string how_to_add_runs(const Tested& tested) {
  for (const auto& factor : tested.factors)
    if (factor.name == "seed") return "give --axis seed more values, with --design full";
  return "add --axis seed=0,1,2 --design full";
}

MarginVerdict too_few(const Tested& tested, const Sides& sides) {
  const Metric& metric = *tested.metric;
  const std::size_t reference = sides.reference.values.size(), ours = sides.ours.values.size();
  const Sample spread = sample_of(reference >= ours ? sides.reference.values : sides.ours.values);
  const std::string have = reference == ours
                               ? fmt::format("{} a side", counted(ours, "distinct run"))
                               : fmt::format("{} and {} distinct runs on the two sides", reference, ours);
  if (spread.n < 2)
    return {Finding::inconclusive,
            fmt::format("{}; at least 2 a side are needed to measure the spread of {}: {}", have, metric.name,
                        how_to_add_runs(tested))};
  return {Finding::inconclusive,
          fmt::format("{}; about {} a side are needed for a margin of {} ({} varies by {} over {} runs): {}",
                      have, runs_needed(spread.sd, metric.margin), in_units(metric.margin, metric),
                      metric.name, in_units(spread.sd, metric), spread.n, how_to_add_runs(tested))};
}

MarginVerdict tested_margin(const Metric& metric, const Sides& sides) {
  const auto test =
      equivalence_test(sample_of(sides.ours.values), sample_of(sides.reference.values), metric.margin);
  check(test.has_value(), "two runs a side and a margin make a test");
  const std::string numbers =
      fmt::format("{} differs by {} (90 % interval {:.4g} to {:.4g}) over {} and {} distinct runs, margin {}",
                  metric.name, in_units(test->difference, metric), test->interval_low, test->interval_high,
                  sides.reference.values.size(), sides.ours.values.size(), in_units(metric.margin, metric));
  if (test->result == Equivalence::equivalent) return {Finding::equivalent, numbers};
  if (test->result == Equivalence::different) return {Finding::different, numbers};
  return {Finding::inconclusive, fmt::format("{}; about {} a side are needed", numbers, test->needed)};
}

MarginVerdict verdict_of(const Tested& tested, const Sides& sides) {
  const std::string& name = tested.metric->name;
  if (sides.reference.values.empty() || sides.ours.values.empty())
    return {Finding::inconclusive, fmt::format("{} was not reported on both sides", name)};
  // A network that has come to nothing gives a constant, which equals another by no merit.
  for (const auto* side : {&sides.reference, &sides.ours})
    if (side->first_nan >= 0)
      return {Finding::inconclusive,
              fmt::format("the loss of some run is not a number from step {} on, so {} shows nothing",
                          side->first_nan, name)};
  for (const auto* side : {&sides.reference, &sides.ours})
    if (!std::all_of(side->values.begin(), side->values.end(), [](double v) { return std::isfinite(v); }))
      return {Finding::inconclusive, fmt::format("{} is not a number in some run", name)};
  return sides.smaller() < 2 ? too_few(tested, sides) : tested_margin(*tested.metric, sides);
}

int badness(Finding finding) {
  return finding == Finding::different ? 2 : finding == Finding::inconclusive ? 1 : 0;
}

}  // namespace

MarginVerdict within_margin(const Tested& tested, const Factor& factor, const std::string& value) {
  if (!tested.metric || !(tested.metric->margin > 0))
    return {Finding::inconclusive,
            "the recipe declares no metric with a margin (for a script: --metric 'val=val loss ([0-9.]+)' "
            "--margin 0.02 --better lower)"};
  std::optional<MarginVerdict> worst;
  for (const auto& sides : sides_of(tested, factor, value)) {
    auto verdict = verdict_of(tested, sides);
    if (!worst || badness(verdict.finding) > badness(worst->finding)) worst = std::move(verdict);
  }
  if (worst) return *worst;
  return {Finding::inconclusive, "no two finished runs to compare by " + tested.metric->name};
}

}  // namespace reprise
