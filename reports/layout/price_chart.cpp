// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/layout/charts.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr double left = 330, right = 24, width = 760, top = 44, pitch = 22, radius = 4;
constexpr std::size_t name_columns = 40;

struct Scale {
  double low = 1, high = 1;  // doing without is always in the picture
  void hold(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void widen() {
    const double room = std::max(0.02, 0.06 * (high - low));
    low = std::max(0.0, low - room);
    high += room;
  }
  double across(double value) const { return left + (value - low) / (high - low) * (width - left - right); }
};

std::string circle(const Scale& scale, const blocks::Price& price, double y) {
  const std::string path =
      fmt::format("M{:.1f} {:.1f}a{r:.1f} {r:.1f} 0 1 0 {d:.1f} 0a{r:.1f} {r:.1f} 0 1 0 -{d:.1f} 0",
                  scale.across(price.ratio) - radius, y, fmt::arg("r", radius), fmt::arg("d", 2 * radius));
  return svg::path(
      price.holds ? "s0 f0" : "s0", path,
      fmt::format("{}: {:.2f} times{}", price.name, price.ratio, price.holds ? "" : ", not confirmed"));
}

std::string group_words(const blocks::Prices& prices, std::size_t count) {
  return fmt::format("{} {}{}", count, prices.unit, count == 1 ? "" : "s");
}

// Four to nine ticks, each a step of 1, 2 or 5.
std::string ticks(const Scale& scale, double floor) {
  const double range = scale.high - scale.low, power = std::pow(10, std::floor(std::log10(range / 5)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (range / (factor * power) <= 8) step = factor * power;
  std::string marks = svg::path("axis", fmt::format("M{:.1f} {:.1f}H{:.1f}", left, floor, width - right));
  for (double at = std::ceil(scale.low / step) * step; at <= scale.high; at += step)
    marks += svg::path("axis", fmt::format("M{:.1f} {:.1f}v4", scale.across(at), floor)) +
             svg::text("t m", scale.across(at), floor + 17, fmt::format("{:.2f}", at));
  return marks;
}

}  // namespace

std::string price_chart(const blocks::Prices& prices) {
  Scale scale;
  std::vector<const blocks::Price*> drawn;
  for (const auto& price : prices.prices)
    if (std::isfinite(price.ratio)) drawn.push_back(&price);
  if (drawn.empty()) return "";
  for (const auto* price : drawn) scale.hold(price->ratio);
  scale.widen();
  const double floor = top + pitch * static_cast<double>(drawn.size());
  std::string marks = svg::text("", 0, 16, prices.label);
  marks += svg::path("grid", fmt::format("M{:.1f} {:.1f}V{:.1f}", scale.across(1), top - 10, floor)) +
           svg::text("t m", scale.across(1), top - 14, "without a cure");
  std::string line, dots;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const double y = top + pitch * static_cast<double>(i);
    const bool begins = i == 0 || drawn[i - 1]->count != drawn[i]->count;
    if (begins) dots += svg::text("t", 0, y + 4, group_words(prices, drawn[i]->count));
    dots += svg::text("t e", left - 12, y + 4, shortened(drawn[i]->name, name_columns)) +
            circle(scale, *drawn[i], y);
    if (drawn[i]->on_front)
      line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", scale.across(drawn[i]->ratio), y);
  }
  if (!line.empty()) marks += svg::path("s0", line);
  marks += dots + ticks(scale, floor);
  return svg::picture("wide", width, floor + 26, prices.label, marks);
}

}  // namespace reprise
