// SPDX-License-Identifier: Apache-2.0
// For a terminal of 80 columns; no colour is needed to read it.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/call_lines.h"
#include "reports/format.h"
#include "reports/wrap.h"

namespace reprise::formats {
namespace {

constexpr std::size_t columns = 80, log_lines = 5;

// Rows of cells; each column as wide as its widest cell, but those over `most` wrap.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                 std::vector<std::size_t> most, const std::string& margin = "  ") {
  std::vector<std::size_t> widths(most.size(), 0);
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c)
      widths[c] = std::max(widths[c], std::min(most[c], width_of(row[c])));
  for (const auto& row : rows) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t c = 0; c < row.size(); ++c) {
      cells.push_back(wrapped(row[c], c + 1 == row.size() ? most[c] : widths[c]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      std::string text = margin;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string cell = line < cells[c].size() ? cells[c][line] : "";
        text += cell + std::string(widths[c] > width_of(cell) ? widths[c] - width_of(cell) : 0, ' ') + "  ";
      }
      out << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
    }
  }
  out << '\n';
}

// `first` and `others` are of equal width, or `others` is the wider.
void print_hanging(std::ostream& out, const std::string& text, const std::string& first,
                   const std::string& others) {
  const auto lines = wrapped(text, columns - others.size());
  for (std::size_t i = 0; i < lines.size(); ++i) out << (i == 0 ? first : others) << lines[i] << '\n';
}

void print_classes(std::ostream& out, const Report& report) {
  if (report.classes.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"class", "runs", "parts from A"}};
  for (const auto& found : report.classes)
    rows.push_back({found.letter, join(found.configurations, ", "), found.parts.empty() ? "-" : found.parts});
  print_table(out, rows, {5, 34, 33});
}

// What is to be said of single values, below the table.
void print_notes(std::ostream& out, const Report& report) {
  bool any = false;
  for (const auto& factor : report.factors)
    for (const auto& value : factor.by_value) {
      if (!value.step && !value.broken) continue;
      print_hanging(out, fmt::format("{}={}: {}", factor.name, value.value, value.sentence), "  ", "    ");
      any = true;
    }
  if (any) out << '\n';
}

void print_factors(std::ostream& out, const Report& report) {
  if (report.factors.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"factor", "owes", "found", "verdict"}};
  for (const auto& factor : report.factors)
    rows.push_back({factor.name, factor.owes, factor.found, factor.verdict});
  print_table(out, rows, {14, 11, 22, 23});
  print_notes(out, report);
  if (!report.explaining.empty()) {
    print_hanging(out, report.explaining, "  ", "  ");
    out << '\n';
  }
}

// A table too wide for a terminal: each row as lines of head and cell.
void print_turned(std::ostream& out, const Table& table) {
  for (const auto& row : table.rows) {
    std::vector<std::vector<std::string>> lines;
    for (std::size_t c = 0; c < row.size(); ++c) lines.push_back({table.head[c], row[c]});
    print_table(out, lines, {24, 50}, "    ");
  }
}

void print_operator(std::ostream& out, const OperatorPart& part) {
  for (const auto& sentence : part.sentences) print_hanging(out, sentence, "    ", "      ");
  out << '\n';
  for (const auto& line : call_lines(part.calls, columns - 4)) out << "    " << line << '\n';
  if (!part.calls.empty()) out << '\n';
  if (part.distances) {
    print_hanging(out, "Outputs of " + part.distances_of + " that differ:", "    ", "      ");
    print_turned(out, *part.distances);
  }
  if (!part.remedies) return;
  std::vector<std::vector<std::string>> rows{part.remedies->head};
  rows.insert(rows.end(), part.remedies->rows.begin(), part.remedies->rows.end());
  print_table(out, rows, {24, 26, 22}, "    ");
}

void print_operators(std::ostream& out, const Report& report) {
  for (const auto& parting : report.partings) {
    if (!parting.operation) continue;
    print_hanging(out, fmt::format("{} and {} part, {}", parting.a, parting.b, parting.title), "  ", "    ");
    print_operator(out, *parting.operation);
  }
}

const char* sign_of(Mood mood) {
  return mood == Mood::good ? "  ok  " : mood == Mood::bad ? "  !   " : "  -   ";
}

void print_self_test(std::ostream& out, const Report& report) {
  if (!report.self_test) return;
  out << "\n  Self-test: what was sown in short runs of this recipe, and what was found\n";
  for (const auto& row : report.self_test->rows)
    print_hanging(out, row.sentence, sign_of(row.mood), "      ");
  out << '\n';
}

void print_marks(std::ostream& out, const Report& report) {
  for (const auto& mark : report.marks) print_hanging(out, mark.text, sign_of(mark.mood), "      ");
  for (const auto& run : report.untested) {
    if (run.last_lines.empty()) continue;
    print_hanging(out, "last lines of " + run.configuration + ":", "  ", "    ");
    const std::size_t skipped = run.last_lines.size() > log_lines ? run.last_lines.size() - log_lines : 0;
    for (std::size_t i = skipped; i < run.last_lines.size(); ++i)
      out << "    | " << shortened(run.last_lines[i], columns - 6) << '\n';
  }
}

// A command is broken between its words with a backslash, so that it can be copied; a word is never cut.
void print_command(std::ostream& out, const std::string& command) {
  const std::string text = printable(command);
  std::string line = "       ", word;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\'') quoted = !quoted;
    if (i < text.size() && (text[i] != ' ' || quoted)) {
      word += text[i];
      continue;
    }
    if (width_of(line) + 1 + width_of(word) + 2 > columns) {
      out << line << " \\\n";
      line = "         ";
    }
    line += " " + word;
    word.clear();
  }
  out << line << '\n';
}

void print_next(std::ostream& out, const NextStep& next) {
  if (!next.sentence.empty()) print_hanging(out, "next: " + next.sentence, "  ", "        ");
  if (!next.command.empty()) print_command(out, next.command);
}

}  // namespace

extern const Format console{
    .summary = "for a terminal of 80 columns",
    .extension = "txt",
    .render =
        [](const Report& report, std::ostream& out) {
          const std::string code = fmt::format("exit {}", report.exit_code);
          const std::string title = shortened(report.title, columns - code.size() - 2);
          out << title << std::string(columns - width_of(title) - code.size(), ' ') << code << "\n\n";
          print_hanging(out, report.headline, "", "");
          out << '\n';
          print_classes(out, report);
          print_factors(out, report);
          print_operators(out, report);
          print_marks(out, report);
          print_self_test(out, report);
          print_next(out, report.next);
        },
};

}  // namespace reprise::formats
