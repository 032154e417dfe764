// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/layout/charts.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {

namespace {

constexpr double pitch = 26, row_height = 22, top = 36, line_height = 12;

// Letters tell the states apart where colours do not.
const blocks::PresenceState& state_of(const blocks::Presence& presence, const std::string& name) {
  const auto found = std::ranges::find(presence.states, name, &blocks::PresenceState::name);
  check(found != presence.states.end(), "a picture of states knows the states of its cells");
  return *found;
}

std::string style_of(int shade) { return shade < 0 ? "same" : fmt::format("h{}", shade); }

// A title without the places where it breaks: "hyper- parameters".
std::string whole(const std::string& title) { return replace_all(title, "- ", ""); }

// A title of several words stands in as many lines, the last one right above its column.
std::string head_mark(const std::string& title, double middle) {
  const auto words = split(title, ' ');
  std::string content;
  for (std::size_t i = 0; i < words.size(); ++i)
    content += svg::text("t m s", middle, top - 6 - line_height * static_cast<double>(words.size() - 1 - i),
                         words[i]);
  return svg::mark(whole(title), content);
}

}  // namespace

std::string presence_chart(const blocks::Presence& presence) {
  const double left = 16 + svg::room_for_labels(presence.rows, 26);
  const double width =
      (840 - left - 20) / static_cast<double>(std::max<std::size_t>(presence.columns.size(), 1));
  std::string marks;
  for (std::size_t i = 0; i < presence.columns.size(); ++i)
    marks += head_mark(presence.columns[i], left + (static_cast<double>(i) + 0.5) * width);
  double y = top;
  for (const auto& row : presence.rows) {
    marks += svg::mark(row.name, svg::text("e", left - 8, y + 15, shortened(row.name, 26)));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& cell = row.cells[i];
      const auto& state = state_of(presence, cell.state);
      const double x = left + static_cast<double>(i) * width;
      marks += svg::mark(fmt::format("{}, {}: {}{}", row.name, whole(presence.columns[i]), cell.state,
                                     cell.tip.empty() ? "" : " (" + cell.tip + ")"),
                         svg::box(style_of(state.shade), x + 1.5, y, width - 3, row_height, 3) +
                             svg::text("m n s", x + width / 2, y + 15, state.letters));
    }
    y += pitch;
  }
  return svg::picture("wide", 840, y, presence.tells, marks);
}

}  // namespace reprise
