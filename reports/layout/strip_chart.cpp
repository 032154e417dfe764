// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr std::size_t rows_before_folding = 12, classes_in_rows = 30;
constexpr double lane_height = 10, lane_pitch = 12, thin = 4, row_gap = 10, stage_width = 66;

struct Row {
  std::string name, letter;
  const blocks::Strip* strip;  // of the first that the row stands for
};

struct Frame {
  double left = 0, width = 0, y = 40;
  std::int64_t steps = 1;
  double at(std::int64_t step) const {
    return left + width * std::sqrt(static_cast<double>(step) / static_cast<double>(steps));
  }
  double right() const { return left + width; }
};

// Rows that never leave the reference fold into one if they are many; the others by class if all rows are
// many.
std::vector<Row> rows_of(const std::vector<blocks::Strip>& strips, const std::string& reference) {
  const auto equal = static_cast<std::size_t>(std::count_if(
      strips.begin(), strips.end(), [](const blocks::Strip& strip) { return strip.lanes.empty(); }));
  std::map<std::string, std::size_t> by_class;
  for (const auto& strip : strips) ++by_class[strip.letter];
  const bool by_letter = strips.size() > rows_before_folding, one_line = equal > rows_before_folding;
  std::vector<Row> rows;
  std::map<std::string, bool> told;
  for (const auto& strip : strips) {
    const bool folds = strip.lanes.empty() ? one_line : by_letter;
    if (!folds) {
      rows.push_back({strip.configuration, strip.letter, &strip});
    } else if (!told[strip.letter]) {
      told[strip.letter] = true;
      rows.push_back({strip.lanes.empty() ? fmt::format("{} runs identical to {}", equal, reference)
                                          : svg::folded_name(strip.configuration, by_class[strip.letter]),
                      strip.letter, &strip});
    }
  }
  return rows;
}

std::string lane_mark(const Frame& frame, const Row& row, const blocks::Lane& lane) {
  const double divergence = lane.first ? std::min(frame.at(*lane.first), frame.right() - 2) : frame.right();
  std::string content;
  if (divergence > frame.left)
    content += svg::box("same", frame.left, frame.y, divergence - frame.left, lane_height);
  if (lane.first)
    content += svg::box(fmt::format("f{}", colour_of(row.letter)), divergence, frame.y,
                        frame.right() - divergence, lane_height);
  content += svg::text("t s", frame.right() + 8, frame.y + lane_height - 1.5, lane.stage);
  const std::string tip = !lane.first ? lane.stage + " equal at every step"
                          : *lane.first == 0
                              ? lane.stage + " differs before training"
                              : fmt::format("{} differs from step {}", lane.stage, *lane.first);
  return svg::mark(row.name + ": " + tip, content);
}

std::string row_marks(Frame& frame, const Row& row, const std::string& reference) {
  const bool never = row.strip->lanes.empty();
  const double height = never ? lane_pitch : lane_pitch * static_cast<double>(row.strip->lanes.size());
  const double middle = frame.y + height / 2 + 3;
  std::string label =
      svg::text("e", frame.left - 26, middle, shortened(row.name, 30)) +
      svg::text(fmt::format("m k f{}", colour_of(row.letter)), frame.left - 13, middle, row.letter);
  std::string marks = svg::mark(row.name + ", class " + row.letter, label);
  if (never) {
    marks += svg::mark(row.name + ": identical to " + reference,
                       svg::box("same", frame.left, frame.y + (lane_pitch - thin) / 2, frame.width, thin) +
                           svg::text("t s", frame.right() + 8, frame.y + lane_height - 1, "identical"));
    frame.y += lane_pitch;
  }
  for (const auto& lane : row.strip->lanes) {
    marks += lane_mark(frame, row, lane);
    frame.y += lane_pitch;
  }
  frame.y += row_gap;
  return marks;
}

// Steps at a quarter, a half and the whole of the square-root axis.
std::string axis_marks(const Frame& frame, double bottom) {
  std::string marks = svg::text("t", frame.left, 14, "step (square-root axis)");
  std::int64_t last = -1;
  for (const auto step : {std::int64_t{0}, frame.steps / 16, frame.steps / 4, frame.steps}) {
    if (step == last) continue;
    last = step;
    marks += svg::text(step == frame.steps ? "t e"
                       : step == 0         ? "t"
                                           : "t m",
                       frame.at(step), 30, std::to_string(step));
    marks += svg::path("grid", fmt::format("M{:.1f} 34V{:.1f}", frame.at(step), bottom));
  }
  return marks;
}

}  // namespace

std::string strip_chart(const std::vector<blocks::Strip>& strips, const std::string& reference,
                        std::int64_t steps) {
  const std::vector<Row> rows = rows_of(strips, reference);
  Frame frame;
  frame.steps = std::max<std::int64_t>(steps, 1);
  frame.left = 34 + svg::room_for_labels(rows, 30);
  frame.width = 840 - frame.left - stage_width;
  std::string marks;
  std::size_t parted = 0;
  for (const auto& row : rows)
    if (row.strip->lanes.empty() || ++parted <= classes_in_rows) marks += row_marks(frame, row, reference);
  marks = axis_marks(frame, frame.y - row_gap) + marks;
  if (parted > classes_in_rows) {
    marks += svg::text("t", frame.left, frame.y + 8,
                       fmt::format("and {} more, listed in the JSON report", parted - classes_in_rows));
    frame.y += lane_pitch + row_gap;
  }
  return svg::picture("wide", 840, frame.y,
                      fmt::format("Per configuration and stage, the first step of {} that differs from {}",
                                  frame.steps, reference),
                      marks);
}

}  // namespace reprise
