// SPDX-License-Identifier: Apache-2.0
#include "reports/phrases.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
std::string number_phrase(double value) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value > 0 ? "infinite" : "minus infinite";
  return fmt::format("{:.6g}", value);
}

std::string distance_phrase(double value) {
  if (!std::isfinite(value)) return number_phrase(value);
  return fmt::format("{:.2g}", value);
}

std::string names_phrase(const std::vector<std::string>& names, std::size_t limit) {
  if (names.size() <= limit + 1) return listed(names);
  std::vector<std::string> shown(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(limit));
  shown.push_back(fmt::format("{} more", names.size() - limit));
  return listed(shown);
}

std::string parts_phrase(const Divergence& divergence) {
  if (!has_place(divergence)) return place_of(divergence);
  const std::string process = divergence.process.empty() ? "" : divergence.process + ", ";
  std::string text = process + (divergence.step == 0 ? std::string("before training")
                                                     : fmt::format("step {}", divergence.step));
  const bool by_order = divergence.stage == "batch" && divergence.batch_order_from == divergence.step;
  text += ", " + (by_order ? std::string("batch order") : divergence.stage);
  if (!by_order && !divergence.tensor.empty() && divergence.tensor != divergence.stage)
    text += ", " + divergence.tensor;
  if (const auto& place = divergence.leaf; place && place->step == divergence.step && place->leaves > 1)
    text += fmt::format(", leaf {} of {}", place->leaf, place->leaves);
  if (!by_order && divergence.batch_order_from)
    text += fmt::format("; other batch order from step {}", *divergence.batch_order_from);
  return text;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.' && text.back() != '!' && text.back() != '?') text += '.';
  return text;
}

std::string metric_phrase(const Diff& diff, const std::vector<std::size_t>& runs, const Metric& metric) {
  std::vector<double> values;
  for (const auto run : runs)
    if (const auto found = diff.traces[run].final_metrics.find(metric.name);
        found != diff.traces[run].final_metrics.end())
      values.push_back(found->second);
  if (values.empty()) return "";
  const auto [least, most] = std::ranges::minmax(values);
  const std::string low = number_phrase(least), high = number_phrase(most);
  return fmt::format("{} {}{}{}", metric.name, low == high ? low : low + " to " + high,
                     metric.unit.empty() ? "" : " ", metric.unit);
}

std::string members_phrase(const Diff& diff, const EquivalenceClass& one, std::size_t limit) {
  std::vector<std::string> names;
  for (const auto member : one.members) names.push_back(diff.traces[member].name);
  return names_phrase(names, limit);
}

std::string kind_of(const Outcome& outcome) { return std::string(to_text(outcome.ending)); }

std::string reason_of(const Outcome& outcome) {
  return outcome.reason.empty() ? "no reason was recorded" : outcome.reason;
}

}  // namespace reprise
