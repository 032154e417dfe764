// SPDX-License-Identifier: Apache-2.0
// For a terminal of 80 columns; no colour is needed to read it.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/format.h"
#include "reports/wrap.h"

namespace reprise::formats {
namespace {

constexpr std::size_t columns = 80;

// Rows of cells; each column as wide as its widest cell, but those over `most` wrap.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                 std::vector<std::size_t> most) {
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
      std::string text = "  ";
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string cell = line < cells[c].size() ? cells[c][line] : "";
        text += cell + std::string(widths[c] > width_of(cell) ? widths[c] - width_of(cell) : 0, ' ') + "  ";
      }
      out << text.substr(0, text.find_last_not_of(' ') + 1) << '\n';
    }
  }
  out << '\n';
}

void print_paragraph(std::ostream& out, const std::string& text, const std::string& indent) {
  for (const auto& line : wrapped(text, columns - indent.size())) out << indent << line << '\n';
}

void print_classes(std::ostream& out, const Report& report) {
  if (report.classes.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"class", "runs", "parts from A"}};
  for (const auto& found : report.classes)
    rows.push_back({found.letter, join(found.configurations, ", "), found.parts.empty() ? "-" : found.parts});
  print_table(out, rows, {5, 34, 33});
}

void print_factors(std::ostream& out, const Report& report) {
  if (report.factors.empty()) return;
  std::vector<std::vector<std::string>> rows = {{"factor", "owes", "found", "verdict"}};
  for (const auto& factor : report.factors)
    rows.push_back({factor.name, factor.owes, factor.found, factor.verdict});
  print_table(out, rows, {14, 11, 22, 23});
}

}  // namespace

extern const Format console{
    .summary = "for a terminal of 80 columns",
    .extension = "txt",
    .render =
        [](const Report& report, std::ostream& out) {
          const std::string code = fmt::format("exit {}", report.exit_code);
          const std::string title = fmt::format("{}, {} steps", report.title, report.steps);
          const std::size_t used = width_of(title) + code.size();
          out << title << std::string(used + 2 > columns ? 2 : columns - used, ' ') << code << "\n\n";
          print_paragraph(out, report.headline, "");
          out << '\n';
          print_classes(out, report);
          print_factors(out, report);
          if (report.explaining_sets.size() == 1)
            print_paragraph(
                out,
                "smallest set of factors that explains the classes: " + join(report.explaining_sets[0], ", "),
                "  ");
          for (const auto& mark : report.marks)
            print_paragraph(out, mark.text, mark.mood == Mood::bad ? "! " : "  ");
          for (const auto& run : report.untested)
            for (const auto& line : run.last_lines) out << "    | " << line << '\n';
          if (!report.next.empty()) print_paragraph(out, "next: " + report.next, "  ");
        },
};

}  // namespace reprise::formats
