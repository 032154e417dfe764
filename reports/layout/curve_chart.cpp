// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/svg.h"

namespace reprise {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// One chart: what is drawn of a curve's value, and the range of that.
struct Frame {
  double low = INFINITY, high = -INFINITY;
  double first_step = 1, last_step = 1;
  double width = 420, height = 230, left = 48, right = 24, top = 28, bottom = 28;

  void hold(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double end() const { return width - right; }
  double floor() const { return height - bottom; }
  double across(std::int64_t step) const {
    const double range = last_step - first_step;
    return left + (range > 0 ? (static_cast<double>(step) - first_step) / range : 0) * (end() - left);
  }
  double down(double value) const {
    const double share = high > low ? (std::clamp(value, low, high) - low) / (high - low) : 0.5;
    return floor() - share * (floor() - top);
  }
};

struct Drawn {
  const blocks::Curve* curve;
  std::vector<double> values;
  std::string title;
};

std::span<const blocks::Curve> first_curves(const std::vector<blocks::Curve>& curves) {
  return std::span(curves).first(std::min(curves.size(), classes_drawn));
}

std::string axes(const Frame& frame, const std::string& title) {
  return svg::text("", frame.left, 16, title) +
         svg::path("axis", fmt::format("M{:.1f} {:.1f}V{:.1f}H{:.1f}", frame.left, frame.top, frame.floor(),
                                       frame.end())) +
         svg::text("t", frame.left, frame.height - 9, fmt::format("step {:.0f}", frame.first_step)) +
         svg::text("t e", frame.end(), frame.height - 9, fmt::format("{:.0f}", frame.last_step));
}

std::string grid(const Frame& frame, double value, const std::string& words) {
  const double y = frame.down(value);
  return svg::text("t e", frame.left - 6, y + 4, words) +
         svg::path("grid", fmt::format("M{:.1f} {:.1f}H{:.1f}", frame.left, y, frame.end()));
}

// A line through what is finite; a gap where nothing is, and a dot where only one step is.
std::string line(const Frame& frame, const Drawn& drawn) {
  std::string places;
  bool open = false, alone = false;
  for (std::size_t i = 0; i < drawn.values.size(); ++i) {
    if (!std::isfinite(drawn.values[i])) {
      if (alone) places += "h0";
      open = alone = false;
      continue;
    }
    places += fmt::format("{}{:.1f} {:.1f}", open ? "L" : "M", frame.across(drawn.curve->steps[i]),
                          frame.down(drawn.values[i]));
    alone = !open;
    open = true;
  }
  if (alone) places += "h0";
  if (places.empty()) return "";
  const auto& letter = drawn.curve->letter;
  return svg::path(fmt::format("s{}{}", colour_of(letter), is_dashed(letter) ? " dash" : ""), places,
                   drawn.title);
}

struct EndLetter {
  double y;
  std::string letter;
};

// Letters at the ends of the lines, moved apart so that each can be read.
std::string end_letters(const Frame& frame, const std::vector<Drawn>& all) {
  constexpr double apart = 12;
  std::vector<EndLetter> ends;
  for (const auto& drawn : all) {
    const auto last =
        std::find_if(drawn.values.rbegin(), drawn.values.rend(), [](double v) { return std::isfinite(v); });
    if (last != drawn.values.rend()) ends.push_back({frame.down(*last), drawn.curve->letter});
  }
  std::stable_sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.y < b.y; });
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i].y = std::max(ends[i].y, ends[i - 1].y + apart);
  double limit = frame.floor();
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    end->y = std::min(end->y, limit);
    limit = end->y - apart;
  }
  std::string marks;
  for (const auto& end : ends)
    marks += svg::text(fmt::format("k f{}", colour_of(end.letter)), frame.end() + 6, end.y + 4, end.letter);
  return marks;
}

// The first class is drawn last, so that it lies on top of those that equal it.
std::string lines(const Frame& frame, const std::vector<Drawn>& all) {
  std::string marks;
  for (auto drawn = all.rbegin(); drawn != all.rend(); ++drawn) marks += line(frame, *drawn);
  return marks + end_letters(frame, all);
}

double last_step_of(std::span<const blocks::Curve> curves) {
  std::int64_t last = 1;
  for (const auto& curve : curves)
    if (!curve.steps.empty()) last = std::max(last, curve.steps.back());
  return static_cast<double>(last);
}

double nice_step(double range) {
  const double raw = range / 4, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) return factor * power;
  return 10 * power;
}

// Powers of ten; what is not apart has none.
std::vector<double> powers_of(const std::vector<double>& distances, Frame& frame) {
  std::vector<double> powers;
  for (const double distance : distances) {
    powers.push_back(distance > 0 ? std::log10(distance) : nothing);
    frame.hold(powers.back());
  }
  return powers;
}

// Widens the frame to whole powers.
std::string log_axes(Frame& frame, const std::string& title) {
  frame.low = std::floor(frame.low);
  frame.high = std::max(std::ceil(frame.high), frame.low + 1);
  std::string marks = axes(frame, title + " (log axis)");
  const double every = std::ceil((frame.high - frame.low) / 6);
  for (double power = frame.low; power <= frame.high; power += every)
    marks += grid(frame, power, fmt::format("1e{:.0f}", power));
  return marks;
}

}  // namespace

std::string loss_chart(const std::vector<blocks::Curve>& curves) {
  Frame frame;
  std::vector<Drawn> all;
  for (const auto& curve : first_curves(curves)) {
    all.push_back({&curve, curve.loss, "training loss of class " + curve.letter});
    for (const double loss : curve.loss) frame.hold(loss);
  }
  if (!(frame.low <= frame.high)) return "";
  if (frame.low == frame.high) {
    const double pad = std::max(std::abs(frame.low) * 0.5, 0.5);
    frame.low -= pad;
    frame.high += pad;
  }
  frame.last_step = last_step_of(first_curves(curves));
  std::string marks = axes(frame, "training loss");
  const double step = nice_step(frame.high - frame.low);
  for (double tick = std::ceil(frame.low / step); tick * step <= frame.high; tick += 1)
    marks += grid(frame, tick * step, fmt::format("{:.3g}", tick == 0 ? 0.0 : tick * step));
  return svg::picture("half", frame.width, frame.height, "Training loss by step, one line per class",
                      marks + lines(frame, all));
}

std::string distance_chart(const std::vector<blocks::Curve>& curves) {
  Frame frame;
  std::vector<Drawn> all;
  for (const auto& curve : first_curves(curves)) {
    if (curve.distance.empty()) continue;
    all.push_back({&curve, {}, "loss of class " + curve.letter + " against class " + curves.front().letter});
    all.back().values = powers_of(curve.distance, frame);
  }
  if (!(frame.low <= frame.high)) return "";
  frame.last_step = last_step_of(first_curves(curves));
  const std::string title = "distance of the loss from class " + curves.front().letter;
  const std::string marks = log_axes(frame, title);
  return svg::picture("half", frame.width, frame.height, "By step, the " + title + ", on a logarithmic axis",
                      marks + lines(frame, all));
}

std::string apart_chart(const blocks::Apart& apart) {
  Frame frame;
  const blocks::Curve sides{"B", apart.steps, {}, {}}, control{"C", apart.steps, {}, {}};
  std::vector<Drawn> all{{&control, powers_of(apart.control, frame), "the control against side A"},
                         {&sides, powers_of(apart.sides, frame), "side B against side A"}};
  if (!(frame.low <= frame.high)) return "";
  frame.first_step = static_cast<double>(apart.steps.front());
  frame.last_step = static_cast<double>(apart.steps.back());
  const std::string marks = log_axes(frame, "distance of the weights: B side B, C control");
  return svg::picture(
      "half", frame.width, frame.height,
      "By step, how far the weights of side B and of the control are from those of side A, on a "
      "logarithmic axis",
      marks + lines(frame, all));
}

}  // namespace reprise
