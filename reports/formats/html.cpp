// SPDX-License-Identifier: Apache-2.0
// One self-contained page without any script, so that a release page, a mail or a strict viewer shows it
// whole.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/call_lines.h"
#include "reports/charts.h"
#include "reports/format.h"
#include "reports/names.h"
#include "reports/page.h"
#include "reports/page_style.h"

namespace reprise::formats {
namespace {

constexpr std::size_t names_before_folding = 12;

std::string style_of(Mood mood) { return mood == Mood::good ? "ok" : mood == Mood::bad ? "no" : "dim"; }
std::string sign_of(Mood mood) { return mood == Mood::good ? "✓" : mood == Mood::bad ? "✗" : "○"; }

std::string verdict_box(const Report& report) {
  std::string box =
      fmt::format("<section class=\"verdict {}\" aria-label=\"Verdict\">\n", name_of(report.mood));
  for (const auto& sentence : report.verdict) box += page::paragraph("", sentence);
  if (!report.marks.empty()) {
    box += "<ul class=\"marks\">\n";
    for (const auto& mark : report.marks)
      box += fmt::format("<li class=\"{}\"><span aria-hidden=\"true\">{}</span> {}</li>\n",
                         style_of(mark.mood), sign_of(mark.mood), escaped(mark.text));
    box += "</ul>\n";
  }
  return box + "</section>\n";
}

// The names of a class's runs; many fold away behind a count.
std::string members(const std::vector<std::string>& configurations) {
  std::vector<std::string> names;
  for (const auto& name : configurations) names.push_back("<span class=\"run\">" + escaped(name) + "</span>");
  if (names.size() <= names_before_folding) return join(names, " · ");
  return page::details(page::Fold::closed, fmt::format("{} and {} more", names.front(), names.size() - 1),
                       join(names, " · "));
}

std::string classes(const Report& report) {
  if (report.classes.empty()) return "";
  std::string rows;
  const bool metric = std::any_of(report.classes.begin(), report.classes.end(),
                                  [](const ReportClass& one) { return !one.metric.empty(); });
  for (const auto& one : report.classes) {
    std::vector<std::string> cells = {
        page::chip(one.letter), members(one.configurations),
        fmt::format("<span class=\"mono\" title=\"{}\">{} {}…</span>", escaped(one.final_weights),
                    escaped(one.final_weights.substr(0, 8)),
                    escaped(one.final_weights.substr(std::min<std::size_t>(8, one.final_weights.size()), 4))),
        "<span class=\"num\">" + escaped(one.final_loss) + "</span>"};
    if (metric) cells.push_back(escaped(one.metric));
    cells.push_back(one.parts.empty() ? "first class" : escaped(one.parts));
    rows += page::row("", cells);
  }
  std::vector<std::string> head = {"class", "runs", "final weights", "final loss"};
  if (metric) head.emplace_back("metric");
  head.push_back("parts from class " + report.classes.front().letter);
  return page::heading("classes", "Classes") + page::table("classes", "Equivalence classes", head, rows);
}

// What is to be said of single values, below the factor's verdict.
std::string notes(const ReportFactor& factor) {
  std::string html;
  for (const auto& value : factor.by_value)
    if (value.step || value.broken || value.finding == "untested")
      html += "<div class=\"note\">" + page::code(value.value) + " " + escaped(value.sentence) + "</div>";
  return html;
}

std::string factors(const Report& report) {
  if (report.factors.empty()) return "";
  std::string rows;
  for (const auto& factor : report.factors)
    rows += page::row(
        factor.moved ? "moved" : "",
        {page::code(factor.name), escaped(factor.values), escaped(factor.owes), escaped(factor.found),
         fmt::format("<span class=\"{}\">{}</span>{}", style_of(factor.mood), escaped(factor.verdict),
                     notes(factor))});
  return page::heading("factors", "What moves the bits") +
         page::table("factors", "Factors", {"factor", "values", "owes", "found", "verdict"}, rows) +
         page::paragraph("dim", report.explaining);
}

std::string strips(const Report& report) {
  if (report.strips.empty()) return "";
  return page::heading("strips", "When each run leaves " + report.reference) +
         page::paragraph(
             "dim", "Pale: equal to " + report.reference + ". Filled: differs. " + report.strips_sentence) +
         page::scrolling("First step that differs, per configuration and stage",
                         strip_chart(report.strips, report.reference, report.steps));
}

std::string curves(const Report& report) {
  const std::string loss = loss_chart(report.curves), distance = distance_chart(report.curves);
  if (loss.empty()) return "";
  std::string html = page::heading("curves", "How far it goes") + "<div class=\"pair\">" + loss + distance +
                     "</div>\n" + page::paragraph("dim", report.curves_sentence);
  if (report.curves.size() > classes_drawn)
    html +=
        page::paragraph("dim", fmt::format("Drawn: the first {} of {} classes; the JSON report has them all.",
                                           classes_drawn, report.curves.size()));
  return html;
}

std::string heat(const Report& report) {
  if (report.heat.names.size() < 2) return "";
  static constexpr const char* names[] = {"differ before training", "in the first tenth of the steps",
                                          "in the first half", "later", "equal to the end"};
  std::string key = "<p class=\"key\">";
  for (int shade = 0; shade < 5; ++shade)
    key += fmt::format("<span><i class=\"b{}\"></i> {}</span> ", shade, names[shade]);
  return page::heading("pairs", "Every pair") +
         page::paragraph(
             "dim",
             "The first step at which two runs differ; 0 is before training, = means equal to the "
             "end.") +
         page::scrolling("Every pair of configurations", heat_chart(report.heat, report.steps)) + key +
         "</p>\n";
}

std::string operation(const OperatorPart& part) {
  std::string html;
  for (const auto& words : part.sentences) html += page::paragraph("", words);
  if (!part.calls.empty())
    html += page::scrolling("Calls around the one that parts them", calls_chart(part.calls)) +
            page::paragraph("dim", signs_sentence(part.calls));
  if (part.distances) {
    const std::string title = "Outputs of " + part.distances_of + " that differ";
    html += page::paragraph("caption", title) + page::plain_table(title, *part.distances);
  }
  if (part.remedies)
    html += page::paragraph("caption", "What was pinned to try") +
            page::plain_table("What was pinned to try", *part.remedies);
  return html;
}

std::string self_test(const Report& report) {
  if (!report.self_test) return "";
  std::string rows;
  for (const auto& row : report.self_test->rows)
    rows += page::row("", {escaped(row.sown), escaped(row.wanted), escaped(row.found),
                           fmt::format("<span class=\"{}\">{} {}</span>", style_of(row.mood),
                                       sign_of(row.mood), escaped(row.result))});
  return page::heading("self-test", "Self-test") +
         page::paragraph(
             "dim",
             "Short runs of this recipe: what was sown in each, what had to be found, and what was found.") +
         page::table("sides sown", "Self-test", {"sown", "wanted", "found", "result"}, rows);
}

std::string partings(const Report& report) {
  if (report.partings.empty()) return "";
  std::string html = page::heading("partings", "Where they part");
  for (std::size_t i = 0; i < report.partings.size(); ++i) {
    const auto& parting = report.partings[i];
    std::string inside;
    for (const auto& words : parting.sentences) inside += page::paragraph("", words);
    if (parting.operation) inside += operation(*parting.operation);
    if (parting.distances && parting.operation)
      inside += page::paragraph("caption", "Distances of tensors at the checkpoint");
    if (parting.distances) inside += page::plain_table("Distances of tensors", *parting.distances);
    html += page::details(
        i == 0 ? page::Fold::open : page::Fold::closed,
        page::chip(parting.a) + " and " + page::chip(parting.b) + ": " + escaped(parting.title), inside);
  }
  if (report.partings_left_out > 0)
    html += page::paragraph("dim",
                            fmt::format("{} more pairs of classes are not written out; the picture of every "
                                        "pair holds them.",
                                        report.partings_left_out));
  return html;
}

std::string untested(const Report& report) {
  if (report.untested.empty()) return "";
  std::string html = page::heading("untested", "Untested runs");
  for (const auto& run : report.untested) {
    std::string inside = page::paragraph("", run.reason);
    if (!run.last_lines.empty()) {
      inside += "<p class=\"dim\">The last lines of its log:</p>\n<pre>";
      for (const auto& line : run.last_lines) inside += escaped(line) + "\n";
      inside += "</pre>\n";
    }
    html += page::details(report.untested.size() <= 6 ? page::Fold::open : page::Fold::closed,
                          page::code(run.configuration) + ": " + escaped(run.kind), inside);
  }
  return html;
}

// What differs stands open; the whole list folds away below it.
std::string side_by_side(const std::string& id, const std::string& title, const std::string& noun,
                         const Table& table) {
  if (table.rows.empty()) return "";
  const auto differing = std::count(table.marked.begin(), table.marked.end(), true);
  std::string html = page::heading(id, title);
  if (differing > 0)
    html += page::class_table(title + ": what differs", table, true);
  else if (table.head.size() > 2)
    html += page::paragraph("dim", "None of the " + noun + " differs between the classes.");
  // Folded in print too: the whole list fills many sheets, and stands in the JSON report.
  return html +
         page::details(page::Fold::always,
                       fmt::format("All {} {}, {} of which differ", table.rows.size(), noun, differing),
                       page::class_table(title + ": all", table, false));
}

std::string ending(const Report& report) {
  std::string html;
  if (!report.next.sentence.empty())
    html += page::heading("next", "What to do next") + page::paragraph("", report.next.sentence);
  if (!report.next.command.empty()) html += "<pre>" + escaped(report.next.command) + "</pre>\n";
  if (!report.again.empty())
    html += page::heading("again", "Do it again") + "<pre>" + escaped(report.again) + "</pre>\n";
  return html +
         page::paragraph("dim",
                         "Plan digests, trace digests and every number drawn here stand in the JSON report: "
                         "reprise report --format json.");
}

}  // namespace

extern const Format html{
    .summary = "one page without any script: for people, releases and archives",
    .extension = "html",
    .render =
        [](const Report& report, std::ostream& out) {
          out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
              << "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>"
              << escaped(report.title) << "</title>\n<style>" << page_style
              << "</style></head>\n<body><main>\n"
              << page::paragraph("dim", "Reproducibility report · " + report.subtitle) << "<h1>"
              << escaped(report.headline) << "</h1>\n"
              << verdict_box(report) << classes(report) << factors(report) << strips(report) << curves(report)
              << heat(report) << partings(report) << self_test(report) << untested(report)
              << side_by_side("pins", "Pins", "pins", report.pins)
              << side_by_side("facts", "What ran", "facts", report.facts) << ending(report)
              << "</main></body></html>\n";
        },
};

}  // namespace reprise::formats
