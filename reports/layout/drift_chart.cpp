// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/layout/charts.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr double width = 400, height = 100, left = 8, right = 392, top = 38, bottom = 80;
constexpr std::size_t most_points = 400;

struct Scale {
  double from = std::numeric_limits<double>::infinity(), to = -from;
  void take(double value) {
    from = std::min(from, value);
    to = std::max(to, value);
  }
  double place(double value, double low, double high) const {
    return to > from ? low + (value - from) / (to - from) * (high - low) : (low + high) / 2;
  }
};

std::string number(double value) { return fmt::format("{:.6g}", value); }

}  // namespace

std::string drift_chart(const blocks::Drift& drift) {
  Scale nights, values;
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < drift.values.size(); ++i) {
    if (!std::isfinite(drift.values[i])) continue;
    shown.push_back(i);
    nights.take(static_cast<double>(drift.nights[i]));
    values.take(drift.values[i]);
  }
  if (shown.empty()) return "";
  // A step to another value is drawn where it is made; evenly thinned, the last night is kept.
  std::string places;
  const std::size_t stride = (shown.size() + most_points - 1) / most_points;
  double before = 0;
  for (std::size_t n = 0; n < shown.size(); ++n) {
    const std::size_t i = shown[n];
    const bool steps = n > 0 && drift.values[i] != before;
    before = drift.values[i];
    if (n % stride != 0 && n + 1 != shown.size() && !steps) continue;
    places += fmt::format("{}{:.1f} {:.1f}", places.empty() ? "M" : "L",
                          nights.place(static_cast<double>(drift.nights[i]), left, right),
                          values.place(drift.values[i], bottom, top));
  }
  const std::string label = fmt::format("{}: from {} to {} over nights {} to {}, last {}", drift.name,
                                        number(values.from), number(values.to), number(nights.from),
                                        number(nights.to), number(drift.values[shown.back()]));
  const std::string marks =
      svg::text("", left, 16, shortened(drift.name, 54)) +
      svg::path("grid", fmt::format("M{} {}H{}M{} {}H{}", left, top, right, left, bottom, right)) +
      svg::path("s0", places, label) + svg::text("t", left, top - 3, number(values.to)) +
      svg::text("t", left, bottom - 3, number(values.from)) +
      svg::text("t", left, height - 6, "night " + number(nights.from)) +
      svg::text("t e", right, height - 6,
                fmt::format("night {}: {}", number(nights.to), number(drift.values[shown.back()])));
  return svg::picture("half", width, height, label, marks);
}

}  // namespace reprise
