// SPDX-License-Identifier: Apache-2.0
#include "reports/charts.h"

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/names.h"
#include "reports/wrap.h"

namespace reprise {
namespace {

std::string svg(const std::string& style, double width, double height, const std::string& label,
                const std::string& marks) {
  return fmt::format(
      "<svg class=\"{}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">{}</svg>", style, width,
      height, escaped(label), marks);
}

std::string text(const char* style, double x, double y, const std::string& words) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", style, x, y, escaped(words));
}

// A label that fits its place; the whole of it stands in the mark's title.
std::string shortened(const std::string& words, std::size_t most) {
  if (width_of(words) <= most) return words;
  return wrapped(words, most - 1).front() + "…";
}

std::string step_words(std::int64_t step) {
  return step == 0 ? "before training" : fmt::format("from step {}", step);
}

}  // namespace

int colour_of(const std::string& letter) {
  int index = 0;
  for (const char c : letter) index = index * 26 + (c - 'A' + 1);
  return std::max(0, index - 1) % 8;
}

namespace {

struct StripFrame {
  double left = 214, width = 520, lane = 9, gap = 11, y = 28;
  std::int64_t steps;
  double at(std::int64_t step) const {
    const double whole = static_cast<double>(std::max<std::int64_t>(steps, 1));
    return left + width * std::sqrt(static_cast<double>(step) / whole);
  }
};

std::string lane_marks(const StripFrame& frame, const Strip& strip, const Lane* lane) {
  const bool leaves = lane != nullptr && lane->first.has_value();
  const double split = leaves ? frame.at(*lane->first) : frame.left + frame.width;
  const double filled = std::max(leaves ? 2.0 : 0.0, frame.left + frame.width - split);
  const std::string tip = lane == nullptr ? "identical to the first"
                          : !leaves       ? lane->stage + " equal at every step"
                                    : fmt::format("{} differs {}", lane->stage, step_words(*lane->first));
  std::string marks = fmt::format(
      "<g><title>{}</title><rect class=\"same\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
      "height=\"{:.1f}\"/>",
      escaped(strip.configuration + ": " + tip), frame.left, frame.y, std::max(0.0, split - frame.left),
      lane == nullptr ? 4.0 : frame.lane);
  if (leaves)
    marks +=
        fmt::format("<rect class=\"f{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                    colour_of(strip.letter), frame.left + frame.width - filled, frame.y, filled, frame.lane);
  return marks +
         text("t s", frame.left + frame.width + 8, frame.y + (lane == nullptr ? 6 : frame.lane - 1),
              lane == nullptr ? "identical" : lane->stage) +
         "</g>";
}

std::string strip_rows(StripFrame& frame, const Strip& strip) {
  const std::size_t lanes = std::max<std::size_t>(1, strip.lanes.size());
  const double height = static_cast<double>(lanes) * (frame.lane + 1);
  std::string marks =
      fmt::format("<g><title>{}</title>", escaped(strip.configuration + ", class " + strip.letter));
  marks += text("l e", frame.left - 28, frame.y + height / 2 + 3, shortened(strip.configuration, 28));
  marks += text("l m k", frame.left - 14, frame.y + height / 2 + 3, strip.letter) + "</g>";
  if (strip.lanes.empty()) {
    marks += lane_marks(frame, strip, nullptr);
    frame.y += frame.lane + 1;
  }
  for (const auto& lane : strip.lanes) {
    marks += lane_marks(frame, strip, &lane);
    frame.y += frame.lane + 1;
  }
  frame.y += frame.gap;
  return marks;
}

}  // namespace

std::string strip_chart(const std::vector<Strip>& strips, std::int64_t steps) {
  StripFrame frame;
  frame.steps = steps;
  const auto equal = static_cast<std::size_t>(
      std::count_if(strips.begin(), strips.end(), [](const Strip& strip) { return strip.lanes.empty(); }));
  const bool folded = equal > 12;
  std::string marks =
      text("t", frame.left, 14, "step 0") +
      text("t e", frame.left + frame.width, 14, fmt::format("step {} (square-root axis)", steps));
  if (folded) marks += strip_rows(frame, {fmt::format("{} runs", equal), "A", {}});
  for (const auto& strip : strips)
    if (!folded || !strip.lanes.empty()) marks += strip_rows(frame, strip);
  return svg("wide", 820, frame.y,
             "Per configuration and stage, the first step that differs from the first configuration", marks);
}

std::string heat_chart(const Heat& heat, std::int64_t steps) {
  const std::size_t count = heat.names.size();
  const double cell = count > 16 ? 30 : 44, left = 236, top = 30;
  std::string marks;
  for (std::size_t i = 0; i < count; ++i) {
    const double y = top + static_cast<double>(i) * cell;
    marks +=
        fmt::format("<g><title>{}</title>", escaped(heat.names[i])) +
        text("l e", left - 12, y + cell / 2 + 4, fmt::format("{}  {}", shortened(heat.names[i], 30), i + 1)) +
        "</g>";
    marks += text("t m", left + static_cast<double>(i) * cell + cell / 2, top - 9, std::to_string(i + 1));
    for (std::size_t j = 0; j < count; ++j) {
      const auto& first = heat.cells[i][j].first;
      const double late =
          first ? static_cast<double>(*first) / static_cast<double>(std::max<std::int64_t>(steps, 1)) : 1;
      const int shade = !first ? 4 : *first == 0 ? 0 : late < 0.1 ? 1 : late < 0.5 ? 2 : 3;
      const std::string words = !first        ? "identical"
                                : *first == 0 ? "differ before training"
                                              : fmt::format("differ from step {}", *first);
      marks += fmt::format(
          "<g><title>{}</title><rect class=\"h{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
          "height=\"{:.1f}\" rx=\"3\"/>",
          escaped(heat.names[i] + " and " + heat.names[j] + ": " + words), shade,
          left + static_cast<double>(j) * cell + 1, y + 1, cell - 2, cell - 2);
      marks += text("m n", left + static_cast<double>(j) * cell + cell / 2, y + cell / 2 + 4,
                    first ? std::to_string(*first) : "=") +
               "</g>";
    }
  }
  const double size = static_cast<double>(count) * cell;
  return svg(count > 9 ? "wide" : "narrow", left + size + 8, top + size + 6,
             "The first step at which each pair of configurations differs", marks);
}

}  // namespace reprise
