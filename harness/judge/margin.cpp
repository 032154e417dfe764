// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/margin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/statistics.h"
#include "harness/judge/verdict_words.h"

namespace reprise {
namespace {

struct Side {
  std::set<Digest> chains;
  std::vector<double> values;
};
struct Sides {
  Side reference, ours;
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
      if (other.name != factor.name && other.name != "repeat" && other.owes != Promise::statistical)
        key.push_back(values.at(other.name));
    auto& sides = groups[key];
    auto& side = mine == factor.values.front() ? sides.reference : sides.ours;
    const auto& trace = tested.diff->traces[i];
    const auto metric = trace.final_metrics.find(tested.metric->name);
    if (metric == trace.final_metrics.end() || !side.chains.insert(trace.chain).second) continue;
    side.values.push_back(metric->second);
  }
  std::vector<Sides> found;
  for (auto& [key, sides] : groups)
    if (!sides.reference.values.empty() && !sides.ours.values.empty()) found.push_back(std::move(sides));
  return found;
}

std::string in_units(double value, const Metric& metric) {
  // Four significant digits are more than any margin asks for.
  return fmt::format("{:.4g}{}{}", value, metric.unit.empty() ? "" : " ", metric.unit);
}

MarginVerdict too_few(const Tested& tested, const Sides& sides) {
  const Metric& metric = *tested.metric;
  const Sample spread = sample_of(
      sides.reference.values.size() >= sides.ours.values.size() ? sides.reference.values : sides.ours.values);
  const std::string have = fmt::format("{} and {} distinct runs on the two sides",
                                       sides.reference.values.size(), sides.ours.values.size());
  if (spread.n < 2)
    return {Finding::inconclusive, have + "; at least 2 a side are needed to measure the spread of " +
                                       metric.name + ": add --axis seed=0,1,2 --design full"};
  return {
      Finding::inconclusive,
      fmt::format(
          "{}; about {} a side are needed for a margin of {} ({} varies by {} over {} runs): add seeds and "
          "--design full",
          have, runs_needed(spread.sd, metric.margin), in_units(metric.margin, metric), metric.name,
          in_units(spread.sd, metric), spread.n)};
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

}  // namespace

MarginVerdict within_margin(const Tested& tested, const Factor& factor, const std::string& value) {
  if (!tested.metric || !(tested.metric->margin > 0))
    return {Finding::inconclusive, "the recipe declares no metric with a margin"};
  const auto groups = sides_of(tested, factor, value);
  if (groups.empty()) return {Finding::inconclusive, fmt::format("no run reported {}", tested.metric->name)};
  const auto& best = *std::max_element(
      groups.begin(), groups.end(), [](const Sides& a, const Sides& b) { return a.smaller() < b.smaller(); });
  for (const auto* side : {&best.reference, &best.ours})
    if (!std::all_of(side->values.begin(), side->values.end(), [](double v) { return std::isfinite(v); }))
      return {Finding::inconclusive, fmt::format("{} is not a number in some run", tested.metric->name)};
  return best.smaller() < 2 ? too_few(tested, best) : tested_margin(*tested.metric, best);
}

}  // namespace reprise
