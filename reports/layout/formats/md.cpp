// SPDX-License-Identifier: Apache-2.0
// For a pull request, a release page or a wiki.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/layout/call_lines.h"
#include "reports/layout/format.h"
#include "reports/layout/wrap.h"

namespace reprise::formats {
namespace {

constexpr std::size_t call_columns = 100;

// Text that Markdown leaves alone, in a table too.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + replace_all(printable(text), "`", "'") + "`";
}

// The same inside a table, where a bar would end the cell.
std::string cell(std::string_view text) { return replace_all(code(text), "|", "\\|"); }

std::string cell_of(const blocks::Words& words) {
  switch (words.form) {
    case blocks::Form::code:
      return cell(words.text);
    case blocks::Form::letter:
      return "**" + plain(words.text) + "**";
    case blocks::Form::digest:
      return cell(words.text.substr(0, 16));
    case blocks::Form::names: {
      std::vector<std::string> names;
      for (const auto& name : words.names) names.push_back(cell(name));
      return join(names, ", ");
    }
    default:
      return plain(words.text);
  }
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const auto& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string head(const std::vector<std::string>& titles) {
  std::vector<std::string> cells;
  for (const auto& title : titles) cells.push_back(plain(title));
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

std::string sign_of(Mood mood) { return mood == Mood::good ? "✓ " : mood == Mood::bad ? "✗ " : "○ "; }

std::string text_of(const std::vector<Block>& blocks);

// One block, "" where Markdown shows nothing of it.
struct Markdown {
  std::string operator()(const blocks::Prose& prose) const {
    std::string out;
    for (const auto& sentence : prose.sentences) out += plain(sentence) + "\n";
    return out;
  }

  std::string operator()(const blocks::Marks& found) const {
    std::string out;
    for (const auto& mark : found.marks) out += "- " + sign_of(mark.mood) + plain(mark.text) + "\n";
    return out;
  }

  std::string operator()(const blocks::Table& table) const {
    if (table.rows.empty()) return "";
    std::vector<std::string> titles;
    for (const auto& column : table.columns) titles.push_back(column.title);
    std::string rows, notes;
    for (const auto& line : table.rows) {
      std::vector<std::string> cells;
      for (const auto& words : line.cells) cells.push_back(cell_of(words));
      rows += row(cells);
      for (const auto& note : line.notes)
        notes += "- " + code(note.full_name) + ": " + plain(note.text) + "\n";
    }
    return (table.caption.empty() ? "" : plain(table.caption) + ":\n\n") + head(titles) + rows +
           (notes.empty() ? "" : "\n" + notes);
  }

  // What differs alone: the whole list is long.
  std::string operator()(const blocks::Sides& sides) const {
    const auto& grid = sides.grid;
    const auto differing = std::ranges::count(grid.marked, true);
    if (differing == 0) return "";
    std::string out = fmt::format("{} of {} {} differ:\n\n", differing, grid.rows.size(), sides.noun);
    out += head(grid.head);
    for (std::size_t i = 0; i < grid.rows.size(); ++i) {
      if (!grid.marked[i]) continue;
      std::vector<std::string> cells;
      for (const auto& text : grid.rows[i]) cells.push_back(plain(text));
      out += row(cells);
    }
    return out;
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
    if (found.calls.empty()) return "";
    std::string out;
    for (const auto& line : call_lines(found.calls, call_columns)) out += "    " + line + "\n";
    return out + "\n" + plain(signs_sentence(found.calls)) + "\n";
  }

  std::string operator()(const blocks::Checks& suite) const {
    std::string out;
    for (const auto& check : suite.checks)
      out += "- " + (check.result.empty() ? sign_of(check.mood) : plain(check.result) + ": ") +
             plain(check.message) + "\n";
    return out;
  }

  std::string operator()(const blocks::Notices& found) const {
    std::string out;
    for (const auto& notice : found.notices) {
      out += fmt::format("- {} ({}): {}\n", code(notice.name), plain(notice.kind), plain(notice.sentence));
      for (const auto& line : notice.last_lines) out += "  - " + code(line) + "\n";
    }
    return out;
  }

  std::string operator()(const blocks::Listing& found) const {
    std::string out;
    for (const auto& line : found.lines) out += "    " + printable(line) + "\n";
    return out;
  }

  std::string operator()(const blocks::Command& command) const {
    return "    " + printable(command.line) + "\n";
  }

  std::string operator()(const blocks::Part& part) const {
    std::string title;
    for (const auto& words : part.title)
      title += words.form == blocks::Form::code ? code(words.text) : plain(words.text);
    return "### " + title + "\n\n" + text_of(part.blocks);
  }
};

std::string text_of(const std::vector<Block>& blocks) {
  std::string out;
  for (const auto& block : blocks) {
    if (!is_for(block, Readers::pages)) continue;
    const std::string text = std::visit(Markdown(), block.content);
    if (!out.empty() && !text.empty()) out += "\n";
    out += text;
  }
  return out;
}

}  // namespace

extern const Format md{
    .summary = "Markdown, for a pull request or a release page",
    .extension = "md",
    .render =
        [](const Report& report, std::ostream& out) {
          out << "# " << plain(report.headline) << "\n\n" << plain(report.subtitle) << '\n';
          const std::string verdict = Markdown()(blocks::Prose{report.verdict});
          if (!verdict.empty()) out << '\n' << verdict;
          for (const auto* section : sections_by(report, &Order::page)) {
            const std::string text = text_of(section->blocks);
            if (text.empty()) continue;
            if (!section->heading.empty()) out << "\n## " << plain(section->heading) << '\n';
            out << '\n' << text;
          }
        },
};

}  // namespace reprise::formats
