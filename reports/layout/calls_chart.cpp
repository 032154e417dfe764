// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "reports/layout/call_lines.h"
#include "reports/layout/charts.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr double row_height = 22, indent = 14, left = 70, letter_width = 7.2;
constexpr std::size_t name_columns = 42;

// Pale: equal. Strong: where they part. Middle: differs because of it.
const char* box_style(const std::string& state) {
  if (state == "equal") return "same";
  return state == "differs" ? "h2" : "h0";
}

std::string tip_of(const blocks::Call& call) {
  std::string text = fmt::format("call {}, {}: {}", call.order, call.name, call.state);
  if (!call.phase.empty()) text += ", " + call.phase;
  if (!call.scope.empty()) text += ", in " + call.scope;
  if (!call.place.empty()) text += ", " + call.place;
  return text;
}

std::string row_of(const blocks::Call& call, double x, double y) {
  const bool guilty = call.state != "equal" && call.state != "differs";
  return svg::mark(
      tip_of(call),
      svg::text(guilty ? "k" : "t", 6, y + 15, sign_of(call)) +
          svg::text("t e", left - 8, y + 15, std::to_string(call.order)) +
          svg::box(box_style(call.state), x, y + 2, letter_width * name_columns, row_height - 4, 3) +
          svg::text(guilty ? "k n" : "", x + 6, y + 15, shortened(printable(call.name), name_columns - 2)));
}

}  // namespace

std::string calls_chart(const std::vector<blocks::Call>& calls) {
  if (calls.empty()) return "";
  const auto indents = indents_of(calls);
  std::string marks;
  double y = 4;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    marks += row_of(calls[i], left + indent * static_cast<double>(indents[i]), y);
    y += row_height;
  }
  const double deepest = indent * static_cast<double>(std::ranges::max(indents));
  return svg::picture("calls", left + deepest + letter_width * name_columns + 4, y + 4,
                      "The operator calls around the one that parts the two sides", marks);
}

}  // namespace reprise
