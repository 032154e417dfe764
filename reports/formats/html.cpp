// SPDX-License-Identifier: Apache-2.0
// One self-contained page without any script, so that a release page, a mail or a strict viewer shows it
// whole.
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/charts.h"
#include "reports/format.h"
#include "reports/names.h"
#include "reports/page_style.h"

namespace reprise::formats {
namespace {

std::string chip(const std::string& letter) {
  return fmt::format("<b class=\"chip c{}\">{}</b>", colour_of(letter), escaped(letter));
}

// A part that may be wider than the page scrolls by itself, and a keyboard can reach it.
std::string scrolling(const std::string& label, const std::string& content) {
  return fmt::format("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">{}</div>\n",
                     escaped(label), content);
}

std::string heading(const std::vector<std::string>& titles) {
  std::string row = "<thead><tr>";
  for (const auto& title : titles) row += "<th scope=\"col\">" + escaped(title) + "</th>";
  return row + "</tr></thead>";
}

// Cells are HTML already.
std::string row_of(const std::vector<std::string>& cells, const std::string& style) {
  std::string row = style.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", style);
  for (std::size_t i = 0; i < cells.size(); ++i)
    row += i == 0 ? "<th scope=\"row\">" + cells[i] + "</th>" : "<td>" + cells[i] + "</td>";
  return row + "</tr>\n";
}

std::string verdict_box(const Report& report) {
  std::string box = fmt::format("<div class=\"verdict {}\">", name_of(report.mood));
  for (const auto& sentence : report.verdict) box += "<p>" + escaped(sentence) + "</p>";
  box += "<ul class=\"marks\">";
  for (const auto& mark : report.marks)
    box += fmt::format("<li class=\"{}\"><span aria-hidden=\"true\">{}</span> {}</li>",
                       mark.mood == Mood::good  ? "ok"
                       : mark.mood == Mood::bad ? "no"
                                                : "dim",
                       mark.mood == Mood::good  ? "✓"
                       : mark.mood == Mood::bad ? "✗"
                                                : "○",
                       escaped(mark.text));
  return box + "</ul></div>\n";
}

std::string classes(const Report& report) {
  if (report.classes.empty()) return "";
  std::string table =
      "<table>" + heading({"class", "runs", "final weights", "final loss and metric", "parts from class A"}) +
      "<tbody>\n";
  for (const auto& found : report.classes) {
    std::vector<std::string> names;
    for (const auto& name : found.configurations) names.push_back(escaped(name));
    table += row_of(
        {chip(found.letter), "<span class=\"runs\">" + join(names, " · ") + "</span>",
         fmt::format("<span class=\"mono\" title=\"{}\">{} {}…</span>", escaped(found.final_weights),
                     escaped(found.final_weights.substr(0, 8)), escaped(found.final_weights.substr(8, 4))),
         "<span class=\"num\">" + escaped(found.final_loss) + "</span>" +
             (found.metric.empty() ? "" : "<br>" + escaped(found.metric)),
         found.parts.empty() ? "first class" : escaped(found.parts)},
        "");
  }
  return "<h2>Classes</h2>\n" + scrolling("Equivalence classes", table + "</tbody></table>");
}

std::string factors(const Report& report) {
  if (report.factors.empty()) return "";
  std::string table = "<table>" + heading({"factor", "values", "owes", "found", "verdict"}) + "<tbody>\n";
  for (const auto& factor : report.factors)
    table += row_of({"<code>" + escaped(factor.name) + "</code>", escaped(factor.values),
                     escaped(factor.owes), escaped(factor.found),
                     fmt::format("<span class=\"{}\">{}</span>",
                                 factor.mood == Mood::good  ? "ok"
                                 : factor.mood == Mood::bad ? "no"
                                                            : "dim",
                                 escaped(factor.verdict))},
                    factor.mood == Mood::bad ? "moved" : "");
  return "<h2>What moves the bits</h2>\n" + scrolling("Factors", table + "</tbody></table>");
}

std::string legend(const Report& report) {
  std::string list = "<div class=\"legend\">";
  for (const auto& curve : report.curves)
    list += "<span>" + chip(curve.letter) + " class " + escaped(curve.letter) + "</span>";
  return list + "</div>";
}

std::string sentence(const std::string& text) {
  return text.empty() ? "" : "<p class=\"dim\">" + escaped(text) + "</p>\n";
}

std::string pictures(const Report& report) {
  std::string html;
  if (!report.strips.empty())
    html += "<h2>When each run leaves the first</h2>\n" +
            sentence("Pale: equal to the first configuration. Filled: differs. " + report.strips_sentence) +
            scrolling("Step by stage", strip_chart(report.strips, report.steps));
  if (const std::string curves = curve_chart(report.curves); !curves.empty())
    html += "<h2>How far it goes</h2>\n" + scrolling("Loss curves", curves) + legend(report) +
            sentence(report.curves_sentence);
  if (report.heat.names.size() > 1)
    html += "<h2>Every pair</h2>\n" +
            sentence(
                "The first step at which two configurations differ; 0 is before training, = means equal to "
                "the end.") +
            scrolling("Every pair of configurations", heat_chart(report.heat, report.steps));
  return html;
}

std::string plain_table(const Table& table, bool only_marked) {
  std::string html = "<table>" + heading(table.head) + "<tbody>\n";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (only_marked && !table.marked[i]) continue;
    std::vector<std::string> cells;
    for (const auto& cell : table.rows[i]) cells.push_back(escaped(cell));
    html += row_of(cells, table.marked[i] ? "diff" : "");
  }
  return html + "</tbody></table>";
}

std::string partings(const Report& report) {
  if (report.partings.empty()) return "";
  std::string html = "<h2>Where they part</h2>\n";
  for (std::size_t i = 0; i < report.partings.size(); ++i) {
    const auto& parting = report.partings[i];
    html += fmt::format("<details{}><summary>{} and {}: {}</summary>", i < 3 ? " open" : "", chip(parting.a),
                        chip(parting.b), escaped(parting.title));
    for (const auto& words : parting.sentences) html += "<p>" + escaped(words) + "</p>";
    if (parting.distances) html += scrolling("Distances of tensors", plain_table(*parting.distances, false));
    html += "</details>\n";
  }
  return html;
}

std::string untested(const Report& report) {
  if (report.untested.empty()) return "";
  std::string html = "<h2>Untested</h2>\n";
  for (const auto& run : report.untested) {
    html += fmt::format("<details open><summary>{}: {}</summary><p>{}</p>", escaped(run.configuration),
                        escaped(run.kind), escaped(run.reason));
    if (!run.last_lines.empty()) {
      html += "<pre>";
      for (const auto& line : run.last_lines) html += escaped(line) + "\n";
      html += "</pre>";
    }
    html += "</details>\n";
  }
  return html;
}

// What differs stands open; the whole list folds away below it.
std::string side_by_side(const std::string& title, const std::string& noun, const Table& table) {
  if (table.rows.empty()) return "";
  std::size_t differing = 0;
  for (const bool marked : table.marked) differing += marked ? 1 : 0;
  std::string html = "<h2>" + escaped(title) + "</h2>\n";
  if (table.head.size() > 2)
    html += differing == 0 ? sentence("None differs between the classes.")
                           : scrolling(title + " that differ", plain_table(table, true));
  return html + fmt::format("<details><summary>all {} {}</summary>", table.rows.size(), noun) +
         scrolling(title, plain_table(table, false)) + "</details>\n";
}

}  // namespace

extern const Format html{
    .summary = "one page without any script: for people, releases and archives",
    .extension = "html",
    .render =
        [](const Report& report, std::ostream& out) {
          out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
              << "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>"
              << escaped(report.title) << "</title><style>" << page_style << "</style></head><body><main>\n"
              << "<p class=\"dim\">Reproducibility report · " << escaped(report.subtitle) << "</p>\n"
              << "<h1>" << escaped(report.headline) << "</h1>\n"
              << verdict_box(report) << classes(report) << factors(report) << pictures(report)
              << partings(report) << untested(report) << side_by_side("Pins", "pins", report.pins)
              << side_by_side("What ran", "facts", report.facts);
          if (!report.again.empty())
            out << "<h2>Do it again</h2>\n<pre>" << escaped(report.again) << "</pre>\n";
          out << "<p class=\"dim\">Made by reprise. Digests, every number and every step stand in the JSON "
                 "report "
                 "(reprise report --format json).</p>\n</main></body></html>\n";
        },
};

}  // namespace reprise::formats
