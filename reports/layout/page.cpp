// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/page.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/wrap.h"

namespace reprise::page {
namespace {

// More than these do not fit on a sheet of paper.
constexpr std::size_t columns_side_by_side = 4;
constexpr std::size_t columns_printed_side_by_side = 8;

constexpr std::string_view region_begin =
    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"";

std::string cell(std::string_view title, std::string_view html) {
  return fmt::format("<td data-label=\"{}\">{}</td>", escaped(title), html);
}

}  // namespace

std::string chip(std::string_view letter) {
  return fmt::format("<b class=\"chip c{}\">{}</b>", colour_of(letter), escaped(letter));
}

std::string breakable(std::string_view text) {
  constexpr std::size_t columns = 20;
  std::vector<std::string> words;
  for (const auto& word : split(printable(text), ' ')) {
    std::vector<std::string> pieces;
    for (const auto& piece : wrapped(word, columns)) pieces.push_back(escaped(piece));
    const bool option = word.starts_with("--") && pieces.size() == 1;  // browsers break it behind its dashes
    words.push_back(option ? "<span class=\"option\">" + pieces[0] + "</span>" : join(pieces, "<wbr>"));
  }
  return join(words, " ");
}

std::string code(std::string_view text) { return "<code>" + breakable(text) + "</code>"; }

std::string paragraph(std::string_view style, std::string_view text) {
  if (text.empty()) return "";
  if (style.empty()) return "<p>" + breakable(text) + "</p>\n";
  return fmt::format("<p class=\"{}\">{}</p>\n", style, breakable(text));
}

std::string heading(std::string_view id, std::string_view text) {
  return fmt::format("<h2 id=\"{}\">{}</h2>\n", id, escaped(text));
}

std::string scrolling(std::string_view label, std::string_view html) {
  return fmt::format("{}{}\">{}</div>\n", region_begin, escaped(label), html);
}

std::string with_numbered_regions(std::string_view html) {
  std::map<std::string, int, std::less<>> seen;
  std::string whole;
  for (std::size_t at = 0;;) {
    const std::size_t region = html.find(region_begin, at);
    if (region == std::string_view::npos) return whole += html.substr(at);
    const std::size_t end = html.find('"', region + region_begin.size());
    const std::string_view label =
        html.substr(region + region_begin.size(), end - region - region_begin.size());
    whole += html.substr(at, end - at);
    const int count = ++seen.try_emplace(std::string(label)).first->second;
    if (count > 1) whole += fmt::format(" ({})", count);
    at = end;
  }
}

std::string details(Fold fold, std::string_view summary_html, std::string_view html) {
  const std::string_view form = fold == Fold::open     ? " open"
                                : fold == Fold::always ? " class=\"folded\""
                                                       : "";
  return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n", form, summary_html, html);
}

std::string table(std::string_view style, std::string_view label, const std::vector<std::string>& head,
                  const std::string& rows) {
  std::string html = fmt::format("<table class=\"{}{}\"><thead><tr>", style,
                                 head.size() > columns_printed_side_by_side ? " many" : "");
  for (const auto& title : head) html += "<th scope=\"col\">" + escaped(title) + "</th>";
  return scrolling(label, html + "</tr></thead><tbody>\n" + rows + "</tbody></table>");
}

std::string row(std::string_view style, const std::vector<std::string>& head,
                const std::vector<std::string>& cells) {
  std::string html = style.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", style);
  for (std::size_t i = 0; i < cells.size(); ++i)
    html += i == 0 ? "<th scope=\"row\">" + cells[i] + "</th>" : cell(head[i], cells[i]);
  return html + "</tr>\n";
}

std::string class_table(std::string_view label, const blocks::Grid& columns, bool only_marked) {
  const std::size_t shown = std::min(columns.head.size(), classes_drawn + 1);
  std::string html =
      fmt::format("<table class=\"by-class{}\"><thead><tr>", shown > columns_side_by_side ? " many" : "");
  for (std::size_t i = 0; i < shown; ++i)
    html += "<th scope=\"col\">" + (i == 0 ? escaped(columns.head[i]) : chip(columns.head[i])) + "</th>";
  html += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < columns.rows.size(); ++i) {
    const auto& cells = columns.rows[i];
    const bool marked = columns.marked[i];
    if (only_marked && !marked) continue;
    html += fmt::format("<tr{}><th scope=\"row\">{}</th>", marked && !only_marked ? " class=\"diff\"" : "",
                        code(cells[0]));
    if (!marked && shown > 2)
      html += fmt::format("<td colspan=\"{}\">{}</td>", shown - 1, breakable(cells[1]));
    else
      for (std::size_t c = 1; c < shown; ++c) html += cell(columns.head[c], breakable(cells[c]));
    html += "</tr>\n";
  }
  html = scrolling(label, html + "</tbody></table>");
  if (shown < columns.head.size())
    html += paragraph("dim", fmt::format("The first {} of {} classes; all of them stand in the JSON report.",
                                         shown - 1, columns.head.size() - 1));
  return html;
}

}  // namespace reprise::page
