// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "reports/layout/charts.h"
#include "reports/layout/svg.h"

namespace reprise {
namespace {

constexpr double left = 210, right = 24, width = 760, top = 34, pitch = 22, bar = 8, radius = 4;

struct Axis {
  double low = INFINITY, high = -INFINITY;
  void hold(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void widen() {
    const double room = high > low ? 0.06 * (high - low) : std::max(1e-9, std::abs(high) * 0.01);
    low -= room;
    high += room;
  }
  double across(double value) const {
    return left + (std::clamp(value, low, high) - low) / (high - low) * (width - left - right);
  }
};

// A step of 1, 2 or 5 that gives four to nine ticks.
double tick_of(const Axis& axis) {
  const double range = axis.high - axis.low, power = std::pow(10, std::floor(std::log10(range / 5)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (range / (factor * power) <= 8) return factor * power;
  return 10 * power;
}

std::string ticks(const Axis& axis, double floor) {
  const double step = tick_of(axis);
  const int places = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 12);
  std::string marks = svg::path("axis", fmt::format("M{:.1f} {:.1f}H{:.1f}", left, floor, width - right));
  for (double at = std::ceil(axis.low / step) * step; at <= axis.high; at += step)
    marks += svg::path("axis", fmt::format("M{:.1f} {:.1f}v4", axis.across(at), floor)) +
             svg::text("t m", axis.across(at), floor + 17, fmt::format("{:.{}f}", at == 0 ? 0 : at, places));
  return marks;
}

std::string span_row(const Axis& axis, const blocks::Span& span, double y) {
  const double from = axis.across(span.low), to = axis.across(span.high);
  return svg::text("t e", left - 12, y + 4, span.name) +
         svg::mark(fmt::format("{}: {:.6g} to {:.6g}", span.name, span.low, span.high),
                   svg::box(span.ours ? "f0" : "f1", from, y - bar / 2, std::max(2.0, to - from), bar, 2));
}

std::string circle(const Axis& axis, const blocks::Dot& dot, double y) {
  const double x = axis.across(dot.value) - radius;
  const std::string path =
      fmt::format("M{:.1f} {:.1f}a{r:.1f} {r:.1f} 0 1 0 {d:.1f} 0a{r:.1f} {r:.1f} 0 1 0 -{d:.1f} 0", x, y,
                  fmt::arg("r", radius), fmt::arg("d", 2 * radius));
  return svg::path(dot.counts ? "s0 f0" : "s0", path,
                   fmt::format("{}: {:.6g}{}", dot.name, dot.value, dot.counts ? "" : ", does not count"));
}

// Dots that would cover each other stand one above the other, three high at most.
std::string dot_row(const Axis& axis, const std::vector<blocks::Dot>& dots, double y) {
  auto sorted = dots;
  std::ranges::stable_sort(sorted, {}, &blocks::Dot::value);
  std::string marks = svg::text("t e", left - 12, y + 4, "our runs");
  double before = -INFINITY;
  int level = 0;
  for (const auto& dot : sorted) {
    if (!std::isfinite(dot.value)) continue;
    level = axis.across(dot.value) - before < 2 * radius ? (level + 1) % 3 : 0;
    before = axis.across(dot.value);
    marks += circle(axis, dot, y + level * 7);
  }
  return marks;
}

}  // namespace

std::string dot_chart(const blocks::Dots& dots) {
  Axis axis;
  for (const auto& dot : dots.dots) axis.hold(dot.value);
  if (!(axis.low <= axis.high) || !std::isfinite(dots.published)) return "";
  for (const auto& span : dots.spans) {
    axis.hold(span.low);
    axis.hold(span.high);
  }
  axis.hold(dots.published - dots.margin);
  axis.hold(dots.published + dots.margin);
  axis.widen();
  const double floor = top + 34 + pitch * static_cast<double>(dots.spans.size());
  const double from = axis.across(dots.published - dots.margin),
               to = axis.across(dots.published + dots.margin);
  std::string marks = svg::text("", 0, 16, dots.label);
  marks += svg::mark(
      fmt::format("margin: {:.6g} to {:.6g}", dots.published - dots.margin, dots.published + dots.margin),
      svg::box("same", from, top - 8, to - from, floor - top + 8));
  marks +=
      svg::path("axis", fmt::format("M{:.1f} {:.1f}V{:.1f}", axis.across(dots.published), top - 8, floor),
                fmt::format("published: {:.6g}", dots.published)) +
      svg::text("t m", axis.across(dots.published), top - 12,
                fmt::format("published {:.6g}", dots.published));
  marks += dot_row(axis, dots.dots, top + 4);
  for (std::size_t i = 0; i < dots.spans.size(); ++i)
    marks += span_row(axis, dots.spans[i], top + 34 + pitch * static_cast<double>(i));
  return svg::picture("wide", width, floor + 26, dots.label, marks + ticks(axis, floor));
}

}  // namespace reprise
