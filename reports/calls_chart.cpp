// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "reports/charts.h"
#include "reports/svg.h"
#include "reports/wrap.h"

namespace reprise {
namespace {

constexpr double row_height = 22, indent = 14, left = 84;
constexpr std::size_t name_columns = 44;

// Pale: equal. Strong: where they part. Middle: differs because of it, or around it.
const char* box_style(const std::string& state) {
  if (state == "equal") return "same";
  return state == "differs" ? "h2" : "h0";
}

std::string tip_of(const ReportCall& call) {
  std::string text = fmt::format("call {}, {}: {}", call.order, call.name, call.state);
  if (!call.phase.empty()) text += ", " + call.phase;
  if (!call.scope.empty()) text += ", in " + call.scope;
  return text;
}

}  // namespace

std::string calls_chart(const std::vector<ReportCall>& calls) {
  std::string marks;
  std::int64_t shallowest = calls.empty() ? 0 : calls.front().depth, deepest = shallowest;
  for (const auto& call : calls) {
    shallowest = std::min(shallowest, call.depth);
    deepest = std::max(deepest, call.depth);
  }
  const double name_width = 7.2 * static_cast<double>(name_columns);
  double y = 4;
  for (const auto& call : calls) {
    const double x = left + indent * static_cast<double>(call.depth - shallowest);
    const bool guilty = call.state != "equal" && call.state != "differs";
    marks +=
        svg::mark(tip_of(call),
                  svg::text("t e", left - 10, y + 15, std::to_string(call.order)) +
                      svg::box(box_style(call.state), x, y + 2, name_width, row_height - 4, 3) +
                      svg::text(guilty ? "k n" : "", x + 6, y + 15, shortened(call.name, name_columns - 4)) +
                      (guilty ? svg::text("k", 10, y + 15, "▶") : std::string()));
    y += row_height;
  }
  const double width = left + indent * static_cast<double>(deepest - shallowest) + name_width + 8;
  return svg::picture("narrow", width, y + 4, "The operator calls around the one that parts the two sides",
                      marks);
}

}  // namespace reprise
