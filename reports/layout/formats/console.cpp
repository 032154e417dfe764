// SPDX-License-Identifier: Apache-2.0
// For a terminal of 80 columns; no colour is needed to read it. Headings are left out: a section that opens
// with prose begins with its key, as in "next: ...".
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/layout/call_lines.h"
#include "reports/layout/format.h"
#include "reports/layout/terminal.h"
#include "reports/layout/wrap.h"

namespace reprise::formats {
namespace {

using terminal::columns;
using terminal::hanging;

constexpr std::size_t log_lines = 5;

const char* sign_of(Mood mood) {
  return mood == Mood::good ? "  ok  " : mood == Mood::bad ? "  !   " : "  -   ";
}

std::string marked(Mood mood, const std::string& text) { return hanging(text, sign_of(mood), "      "); }

std::string plain_of(const std::vector<blocks::Words>& title) {
  std::string text;
  for (const auto& words : title) text += words.text;
  return text;
}

std::string text_of(const std::vector<Block>& blocks, const std::string& margin, const std::string& lead);

// One block as lines, "" where a terminal shows nothing of it.
struct Lines {
  std::string margin;
  std::string lead;  // "next: " before the first sentence

  std::string operator()(const blocks::Prose& prose) const {
    std::string out;
    for (const auto& sentence : prose.sentences)
      out += hanging((out.empty() ? lead : "") + sentence, margin,
                     margin + std::string(out.empty() && !lead.empty() ? width_of(lead) : 2, ' '));
    return out;
  }

  std::string operator()(const blocks::Marks& found) const {
    std::string out;
    for (const auto& mark : found.marks) out += marked(mark.mood, mark.text);
    return out;
  }

  std::string operator()(const blocks::Table& table) const {
    if (table.rows.empty()) return "";
    const std::string caption =
        table.caption.empty() ? "" : hanging(table.caption + ":", margin, margin + "  ");
    std::string notes;
    for (const auto& row : table.rows)
      for (const auto& note : row.notes)
        notes += hanging(note.full_name + ": " + note.text, margin, margin + "  ");
    return caption + terminal::fitting_table(table, margin) + (notes.empty() ? "" : "\n" + notes);
  }

  // The names of what differs; their values are too wide.
  std::string operator()(const blocks::Sides& sides) const {
    const auto& grid = sides.grid;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < grid.rows.size(); ++i)
      if (grid.marked[i]) names.push_back(grid.rows[i].front());
    if (names.empty()) return "";
    return hanging(
        fmt::format("{} of {} {} differ: {}", names.size(), grid.rows.size(), sides.noun, join(names, ", ")),
        margin, margin + "  ");
  }

  // Pictures: their numbers stand in the JSON report.
  std::string operator()(const blocks::Strips&) const { return ""; }
  std::string operator()(const blocks::Curves&) const { return ""; }
  std::string operator()(const blocks::Apart&) const { return ""; }
  std::string operator()(const blocks::Heat&) const { return ""; }
  std::string operator()(const blocks::Dots&) const { return ""; }
  std::string operator()(const blocks::Prices&) const { return ""; }
  std::string operator()(const blocks::Presence&) const { return ""; }
  std::string operator()(const blocks::Nights&) const { return ""; }
  std::string operator()(const blocks::Drifts&) const { return ""; }

  std::string operator()(const blocks::Calls& found) const {
    std::string out;
    for (const auto& line : call_lines(found.calls, columns - margin.size())) out += margin + line + "\n";
    return out;
  }

  std::string operator()(const blocks::Checks& suite) const {
    std::string out;
    for (const auto& check : suite.checks) out += marked(check.mood, check.message);
    return out;
  }

  std::string operator()(const blocks::Notices& found) const {
    std::string out;
    for (const auto& notice : found.notices) {
      out += hanging(fmt::format("{} ({}): {}", notice.name, notice.kind, notice.sentence), margin,
                     margin + "  ");
      const auto& lines = notice.last_lines;
      for (std::size_t i = lines.size() > log_lines ? lines.size() - log_lines : 0; i < lines.size(); ++i)
        out += margin + "  | " + shortened(lines[i], columns - margin.size() - 4) + "\n";
    }
    return out;
  }

  std::string operator()(const blocks::Listing& found) const {
    std::string out;
    for (const auto& line : found.lines) out += hanging(line, margin + "    ", margin + "      ");
    return out;
  }

  std::string operator()(const blocks::Command& command) const {
    return terminal::command(command.line, margin + "      ");
  }

  std::string operator()(const blocks::Part& part) const {
    return hanging(plain_of(part.title), margin, margin + "  ") + text_of(part.blocks, margin + "  ", "");
  }
};

// Blocks stand apart; a command stands right below the words that lead to it.
std::string text_of(const std::vector<Block>& blocks, const std::string& margin, const std::string& lead) {
  std::string out;
  for (const auto& block : blocks) {
    if (!is_for(block, Readers::terminal)) continue;
    const std::string text = std::visit(Lines{margin, out.empty() ? lead : ""}, block.content);
    const bool joins = std::holds_alternative<blocks::Command>(block.content);
    if (!out.empty() && !text.empty() && !joins) out += "\n";
    out += text;
  }
  return out;
}

}  // namespace

extern const Format console{
    .summary = "for a terminal of 80 columns",
    .extension = "txt",
    .render =
        [](const Report& report, std::ostream& out) {
          const std::string code = fmt::format("exit {}", report.exit_code);
          const std::string title = shortened(report.title, columns - code.size() - 2);
          out << title << std::string(columns - width_of(title) - code.size(), ' ') << code << "\n\n"
              << hanging(report.headline, "", "");
          for (const auto* section : sections_by(report, &Order::terminal)) {
            const std::string text = text_of(section->blocks, "  ", section->key + ": ");
            if (!text.empty()) out << '\n' << text;
          }
        },
};

}  // namespace reprise::formats
