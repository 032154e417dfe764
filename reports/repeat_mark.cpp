// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "reports/lookup.h"
#include "reports/marks.h"

namespace reprise {
namespace {

// How many runs of each plan there are, and how many of them were done.
std::string runs_per_plan(const Matrix& matrix) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> plans;
  std::vector<std::string> order, names;
  for (const auto& configuration : matrix.configurations) {
    const auto [plan, fresh] = plans.try_emplace(configuration.plan_id);
    if (fresh) {
      order.push_back(configuration.plan_id);
      names.push_back(configuration.name);
    }
    ++plan->second.second;
    plan->second.first += configuration.outcome.done() ? 1 : 0;
  }
  // A plan of which no run was done stands among the untested; one that was to run once repeats nothing.
  for (std::size_t i = order.size(); i-- > 0;)
    if (plans[order[i]].first == 0 || plans[order[i]].second < 2) {
      plans.erase(order[i]);
      order.erase(order.begin() + static_cast<std::ptrdiff_t>(i));
      names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
    }
  if (order.empty()) return "no plan ran twice";
  const auto& first = plans.at(order.front());
  const auto whole = [&](const auto& plan) {
    return plan.second.first == first.second && plan.second.second == first.second;
  };
  if (std::ranges::all_of(plans, whole)) return fmt::format("each plan ran {} times", first.second);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < order.size(); ++i)
    parts.push_back(fmt::format("{} of {} of {}", plans[order[i]].first, plans[order[i]].second, names[i]));
  return "of those that were done: " + join(parts, ", ");
}

}  // namespace

Mark repeat_mark(const Verdict& verdict, const Matrix& matrix) {
  const auto* repeat = factor_named(verdict, "repeat");
  if (repeat == nullptr)
    return {Mood::neutral,
            matrix.factors.empty() ? "repeats: none compared" : "repeats: untested, no run was repeated"};
  if (repeat->finding == Finding::untested)
    return {verdict.starts.empty() ? Mood::neutral : Mood::bad,
            "repeats: " + (repeat->found.empty() ? std::string("untested") : repeat->found)};
  if (repeat->moved && repeat->kept)
    return {Mood::neutral, "repeats: cannot be determined, which GPU ran was not recorded; " + repeat->found};
  if (repeat->moved) return {Mood::bad, "repeats differ: " + repeat->found};
  return {Mood::good, "repeats identical: " + runs_per_plan(matrix)};
}

}  // namespace reprise
