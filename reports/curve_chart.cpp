// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "reports/charts.h"
#include "reports/names.h"

namespace reprise {
namespace {

struct Frame {
  double x, low, high;  // of the values drawn, or of their powers of ten
  double last_step;
  double width = 400, height = 224, left = 50, top = 26, bottom = 26;
  double across(double step) const {
    return x + left + (last_step > 1 ? (step - 1) / (last_step - 1) : 0) * (width - left - 10);
  }
  double down(double value) const {
    const double share = high > low ? (std::clamp(value, low, high) - low) / (high - low) : 0.5;
    return height - bottom - share * (height - bottom - top);
  }
};

std::string label(const char* style, double x, double y, const std::string& words) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", style, x, y, escaped(words));
}

std::string axes(const Frame& frame, const std::string& title) {
  return label("l", frame.x + frame.left, 15, title) +
         fmt::format("<path class=\"axis\" d=\"M{:.1f} {:.1f}V{:.1f}H{:.1f}\"/>", frame.x + frame.left,
                     frame.top, frame.height - frame.bottom, frame.x + frame.width - 10) +
         label("t", frame.x + frame.left, frame.height - 8, "step 1") +
         label("t e", frame.x + frame.width - 10, frame.height - 8, fmt::format("{:.0f}", frame.last_step));
}

std::string grid(const Frame& frame, double value, const std::string& words) {
  const double y = frame.down(value);
  return label("t e", frame.x + frame.left - 6, y + 4, words) +
         fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>", frame.x + frame.left, y,
                     frame.x + frame.width - 10);
}

// A line through the finite values; a gap where there is none.
template <class Value>
std::string line(const Frame& frame, const Curve& curve, const std::vector<double>& values,
                 const std::string& title, const Value& value) {
  std::string path;
  bool open = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double v = value(values[i]);
    if (!std::isfinite(v)) {
      open = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", open ? "L" : "M",
                        frame.across(static_cast<double>(curve.steps[i])), frame.down(v));
    open = true;
  }
  if (path.empty()) return "";
  return fmt::format("<path class=\"s{}\" d=\"{}\"><title>{}</title></path>", colour_of(curve.letter), path,
                     escaped(title));
}

double nice_step(double range) {
  const double raw = range / 4, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) return factor * power;
  return 10 * power;
}

std::string loss_side(const std::vector<Curve>& curves, double last_step) {
  double low = INFINITY, high = -INFINITY;
  for (const auto& curve : curves)
    for (const double loss : curve.loss)
      if (std::isfinite(loss)) low = std::min(low, loss), high = std::max(high, loss);
  if (!(low <= high)) return "";
  if (low == high) low -= 0.5, high += 0.5;
  const Frame frame{0, low, high, last_step};
  std::string marks = axes(frame, "training loss");
  const double step = nice_step(high - low);
  for (double tick = std::ceil(low / step) * step; tick <= high; tick += step)
    marks += grid(frame, tick, fmt::format("{:.3g}", std::abs(tick) < step * 1e-9 ? 0.0 : tick));
  for (auto curve = curves.rbegin(); curve != curves.rend(); ++curve)
    marks += line(frame, *curve, curve->loss, "class " + curve->letter, [](double v) { return v; });
  return marks;
}

std::string distance_side(const std::vector<Curve>& curves, double last_step, const std::string& first) {
  double low = INFINITY, high = -INFINITY;
  for (const auto& curve : curves)
    for (const double distance : curve.distance)
      if (std::isfinite(distance) && distance > 0)
        low = std::min(low, std::log10(distance)), high = std::max(high, std::log10(distance));
  if (!(low <= high)) return "";
  const Frame frame{420, std::floor(low), std::max(std::ceil(high), std::floor(low) + 1), last_step};
  std::string marks = axes(frame, "distance of the loss from class " + first + " (log axis)");
  const int every = frame.high - frame.low > 8 ? 3 : frame.high - frame.low > 4 ? 2 : 1;
  for (int power = static_cast<int>(frame.low); power <= static_cast<int>(frame.high); power += every)
    marks += grid(frame, power, fmt::format("1e{}", power));
  for (auto curve = curves.rbegin(); curve != curves.rend(); ++curve)
    marks += line(frame, *curve, curve->distance, "class " + curve->letter + " against class " + first,
                  [](double v) { return v > 0 ? std::log10(v) : NAN; });
  return marks;
}

}  // namespace

std::string curve_chart(const std::vector<Curve>& curves) {
  if (curves.empty() || curves.front().steps.empty()) return "";
  const auto last = static_cast<double>(curves.front().steps.back());
  const std::string left = loss_side(curves, last),
                    right = distance_side(curves, last, curves.front().letter);
  if (left.empty()) return "";
  return fmt::format(
      "<svg class=\"{}\" viewBox=\"0 0 {} 224\" role=\"img\" aria-label=\"Loss curves by "
      "class{}\">{}{}</svg>",
      right.empty() ? "narrow" : "wide", right.empty() ? 420 : 820,
      right.empty() ? "" : ", and their distance from the first class", left, right);
}

}  // namespace reprise
