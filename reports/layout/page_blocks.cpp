// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/page_blocks.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/layout/call_lines.h"
#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/page.h"
#include "reports/layout/report.h"

namespace reprise::page {
namespace {

using blocks::Form;

constexpr std::size_t names_before_folding = 12, notices_before_folding = 6;

std::string style_of(Mood mood) { return mood == Mood::good ? "ok" : mood == Mood::bad ? "no" : "dim"; }
std::string sign_of(Mood mood) { return mood == Mood::good ? "✓" : mood == Mood::bad ? "✗" : "○"; }

std::string span(std::string_view style, std::string_view text) {
  return fmt::format("<span class=\"{}\">{}</span>", style, breakable(text));
}

// Many names fold away behind a count.
std::string names_html(const std::vector<std::string>& all) {
  std::vector<std::string> names;
  for (const auto& name : all) names.push_back(span("run", name));
  if (names.size() <= names_before_folding) return join(names, " · ");
  return details(Fold::closed, fmt::format("{} and {} more", names.front(), names.size() - 1),
                 join(names, " · "));
}

std::string digest_html(const std::string& digest) {
  const auto part = [&](std::size_t from, std::size_t count) {
    return escaped(digest.substr(std::min(from, digest.size()), count));
  };
  return fmt::format("<span class=\"mono\" title=\"{}\">{} {}…</span>", escaped(digest), part(0, 8),
                     part(8, 4));
}

std::string unlinked_html(const blocks::Words& words) {
  switch (words.form) {
    case Form::text:
      return breakable(words.text);
    case Form::code:
      return code(words.text);
    case Form::letter:
      return chip(words.text);
    case Form::names:
      return names_html(words.names);
    case Form::digest:
      return digest_html(words.text);
    case Form::number:
      return span("num", words.text);
    case Form::verdict:
      return span(style_of(words.mood), words.text);
  }
  return "";
}

std::string words_html(const blocks::Words& words) {
  const std::string html = unlinked_html(words);
  return words.link.empty() ? html : fmt::format("<a href=\"{}\">{}</a>", escaped(words.link), html);
}

std::string log_html(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string html = paragraph("dim", "The last lines of its log:") + "<pre>";
  for (const auto& line : lines) html += escaped(line) + "\n";
  return html + "</pre>\n";
}

struct Html {
  std::string operator()(const blocks::Prose& prose) const {
    std::string html;
    for (const auto& sentence : prose.sentences) html += paragraph(prose.quiet ? "dim" : "", sentence);
    return html;
  }

  std::string operator()(const blocks::Marks& found) const {
    if (found.marks.empty()) return "";
    std::string html = "<ul class=\"marks\">\n";
    for (const auto& mark : found.marks)
      html += fmt::format("<li class=\"{}\"><span aria-hidden=\"true\">{}</span> {}</li>\n",
                          style_of(mark.mood), sign_of(mark.mood), breakable(mark.text));
    return html + "</ul>\n";
  }

  std::string operator()(const blocks::Table& found) const {
    if (found.rows.empty()) return "";
    std::vector<std::string> head;
    for (const auto& column : found.columns) head.push_back(column.title);
    std::string rows;
    for (const auto& line : found.rows) {
      std::vector<std::string> cells;
      for (const auto& words : line.cells) cells.push_back(words_html(words));
      for (const auto& note : line.notes)
        cells.back() += "<div class=\"note\">" + code(note.name) + " " + breakable(note.text) + "</div>";
      rows += row(line.marked ? "moved" : "", head, cells);
    }
    return paragraph("caption", found.caption) + table(found.style, found.label, head, rows);
  }

  // What differs stands open; the whole list folds away below it.
  std::string operator()(const blocks::Sides& sides) const {
    const auto& grid = sides.grid;
    if (grid.rows.empty()) return "";
    const auto differing = std::ranges::count(grid.marked, true);
    std::string html;
    if (differing > 0)
      html = class_table(sides.label + ": what differs", grid, true);
    else if (grid.head.size() > 2)
      html = paragraph("dim", "None of the " + sides.noun + " differs between the classes.");
    // Folded in print too: the whole list fills many sheets, and stands in the JSON report.
    return html +
           details(Fold::always,
                   fmt::format("All {} {}, {} of which differ", grid.rows.size(), sides.noun, differing),
                   class_table(sides.label + ": all", grid, false));
  }

  std::string operator()(const blocks::Strips& found) const {
    if (found.strips.empty()) return "";
    return paragraph("dim", found.caption) +
           scrolling("First step that differs, per configuration and stage",
                     strip_chart(found.strips, found.reference, found.steps));
  }

  std::string operator()(const blocks::Apart& found) const {
    const std::string chart = apart_chart(found);
    return chart.empty() ? "" : "<div class=\"pair\">" + chart + "</div>\n" + paragraph("dim", found.caption);
  }

  std::string operator()(const blocks::Curves& found) const {
    const std::string loss = loss_chart(found.curves), distance = distance_chart(found.curves);
    if (loss.empty()) return "";
    std::string html =
        "<div class=\"pair\">" + loss + distance + "</div>\n" + paragraph("dim", found.caption);
    if (found.curves.size() > classes_drawn)
      html += paragraph("dim", fmt::format("Drawn: the first {} of {} classes; the JSON report has them all.",
                                           classes_drawn, found.curves.size()));
    return html;
  }

  std::string operator()(const blocks::Dots& found) const {
    const std::string chart = dot_chart(found);
    return chart.empty() ? "" : scrolling(found.label, chart);
  }

  std::string operator()(const blocks::Prices& found) const {
    const std::string chart = price_chart(found);
    return chart.empty() ? "" : paragraph("dim", found.caption) + scrolling(found.label, chart);
  }

  std::string operator()(const blocks::Heat& heat) const {
    if (heat.names.size() < 2) return "";
    static constexpr const char* names[] = {"differ before training", "in the first tenth of the steps",
                                            "in the first half", "later", "equal to the end"};
    std::string key = "<p class=\"key\">";
    for (int shade = 0; shade < 5; ++shade)
      key += fmt::format("<span><i class=\"b{}\"></i> {}</span> ", shade, names[shade]);
    return paragraph("dim", heat.caption) +
           scrolling("Every pair of configurations", heat_chart(heat, heat.steps)) + key + "</p>\n";
  }

  std::string operator()(const blocks::Presence& found) const {
    if (found.rows.empty()) return "";
    std::string key = "<p class=\"key\">";
    for (const auto& state : found.states)
      key +=
          fmt::format("{}<span><i class=\"b{}\"></i> {}</span>", &state == &found.states.front() ? "" : " ",
                      state.shade < 0 ? "n" : std::to_string(state.shade), state.key);
    return paragraph("dim", found.caption) + scrolling(found.label, presence_chart(found)) + key + "</p>\n";
  }

  std::string operator()(const blocks::Nights& found) const {
    return found.rows.empty() ? "" : scrolling(found.label, nights_table(found));
  }

  std::string operator()(const blocks::Drifts& found) const {
    std::string html;
    for (const auto& drift : found.drifts) html += drift_chart(drift);
    return html.empty() ? "" : "<div class=\"pair\">" + html + "</div>\n";
  }

  std::string operator()(const blocks::Calls& found) const {
    if (found.calls.empty()) return "";
    return scrolling("Calls around the one that parts them", calls_chart(found.calls)) +
           paragraph("dim", signs_sentence(found.calls));
  }

  std::string operator()(const blocks::Checks& suite) const {
    if (suite.checks.empty()) return "";
    const auto head = suite.head.empty() ? std::vector<std::string>{"check", "found", "result"} : suite.head;
    std::string rows;
    for (const auto& check : suite.checks) {
      std::vector<std::string> cells;
      for (const auto& text : check.told) cells.push_back(breakable(text));
      if (cells.empty()) cells = {breakable(check.name), breakable(check.message)};
      cells.push_back(span(style_of(check.mood), sign_of(check.mood) + " " + check.result));
      rows += row("", head, cells);
    }
    return table("injected", suite.label, head, rows);
  }

  std::string operator()(const blocks::Notices& found) const {
    const bool open = found.notices.size() <= notices_before_folding;
    std::string html;
    for (const auto& notice : found.notices)
      html += details(open ? Fold::open : Fold::closed, code(notice.name) + ": " + escaped(notice.kind),
                      paragraph("", notice.sentence) + log_html(notice.last_lines));
    return html;
  }

  std::string operator()(const blocks::Listing& found) const {
    if (found.lines.empty()) return "";
    std::string html = "<pre>";
    for (const auto& line : found.lines) html += escaped(line) + "\n";
    return html + "</pre>\n";
  }

  std::string operator()(const blocks::Command& command) const {
    return "<pre>" + escaped(command.line) + "</pre>\n";
  }

  std::string operator()(const blocks::Part& part) const {
    std::string title;
    for (const auto& words : part.title) title += words_html(words);
    return details(part.open ? Fold::open : Fold::closed, title, html_of(part.blocks));
  }
};

}  // namespace

std::string html_of(const std::vector<Block>& blocks) {
  std::string html;
  for (const auto& block : blocks)
    if (is_for(block, Readers::pages)) html += std::visit(Html(), block.content);
  return html;
}

}  // namespace reprise::page
