// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

// Hundreds of nights by dozens of rows: each cell is as few bytes as can be.
std::string cell_html(const blocks::NightCell& cell) {
  std::string html = "<td";
  if (cell.columns > 1) html += fmt::format(" colspan=\"{}\"", cell.columns);
  if (!cell.sign.empty())
    html += cell.shade < 0 ? " class=\"bn\"" : fmt::format(" class=\"b{}\"", cell.shade);
  if (!cell.tip.empty()) html += fmt::format(" title=\"{}\"", escaped(printable(cell.tip)));
  const std::string sign = escaped(printable(cell.sign));
  if (cell.link.empty()) return html + ">" + sign + "</td>";
  return html + fmt::format("><a href=\"{}\">{}</a></td>", escaped(printable(cell.link)), sign);
}

}  // namespace

std::string nights_table(const blocks::Nights& nights) {
  std::string html = "<table class=\"nights\"><thead><tr><th scope=\"col\">night</th>";
  for (const auto& column : nights.columns)
    html += "<th scope=\"col\">" + escaped(printable(column)) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (const auto& row : nights.rows) {
    html += "<tr><th scope=\"row\">" + escaped(printable(row.name)) + "</th>";
    for (const auto& cell : row.cells) html += cell_html(cell);
    html += "</tr>\n";
  }
  return html + "</tbody></table>";
}

}  // namespace reprise
