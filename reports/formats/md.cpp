// SPDX-License-Identifier: Apache-2.0
// For a pull request, a release page or a wiki.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/call_lines.h"
#include "reports/format.h"
#include "reports/wrap.h"

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

void row(std::ostream& out, const std::vector<std::string>& cells) {
  out << '|';
  for (const auto& cell : cells) out << ' ' << cell << " |";
  out << '\n';
}

void head(std::ostream& out, const std::vector<std::string>& cells) {
  row(out, cells);
  row(out, std::vector<std::string>(cells.size(), "---"));
}

void print_table(std::ostream& out, const Table& table, bool only_marked) {
  std::vector<std::string> titles;
  for (const auto& title : table.head) titles.push_back(plain(title));
  head(out, titles);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (only_marked && !table.marked[i]) continue;
    std::vector<std::string> cells;
    for (const auto& words : table.rows[i]) cells.push_back(plain(words));
    row(out, cells);
  }
  out << '\n';
}

void print_classes(std::ostream& out, const Report& report) {
  if (report.classes.empty()) return;
  out << "## Classes\n\n";
  head(out, {"class", "runs", "final weights", "final loss", "parts from class A"});
  for (const auto& found : report.classes) {
    std::vector<std::string> names;
    for (const auto& name : found.configurations) names.push_back(cell(name));
    row(out,
        {"**" + found.letter + "**", join(names, ", "), cell(found.final_weights.substr(0, 16)),
         plain(found.final_loss + (found.metric.empty() ? "" : "; " + found.metric)), plain(found.parts)});
  }
  out << '\n';
}

void print_factors(std::ostream& out, const Report& report) {
  if (report.factors.empty()) return;
  out << "## What moves the bits\n\n";
  head(out, {"factor", "values", "owes", "found", "verdict"});
  for (const auto& factor : report.factors)
    row(out,
        {cell(factor.name), plain(factor.values), factor.owes, plain(factor.found), plain(factor.verdict)});
  out << '\n';
  bool any = false;
  for (const auto& factor : report.factors)
    for (const auto& value : factor.by_value)
      if (value.step || value.broken) {
        out << "- " << code(factor.name + "=" + value.value) << ": " << plain(value.sentence) << '\n';
        any = true;
      }
  if (any) out << '\n';
  if (!report.explaining.empty()) out << plain(report.explaining) << "\n\n";
}

void print_operator(std::ostream& out, const OperatorPart& part) {
  for (const auto& sentence : part.sentences) out << plain(sentence) << '\n';
  out << '\n';
  for (const auto& line : call_lines(part.calls, call_columns)) out << "    " << line << '\n';
  if (!part.calls.empty()) out << '\n' << plain(signs_sentence(part.calls)) << "\n\n";
  if (part.distances) {
    out << "Outputs of " << code(part.distances_of) << " that differ:\n\n";
    print_table(out, *part.distances, false);
  }
  if (part.remedies) print_table(out, *part.remedies, false);
}

void print_self_test(std::ostream& out, const Report& report) {
  if (!report.self_test) return;
  out << "## Self-test\n\n";
  for (const auto& row : report.self_test->rows)
    out << fmt::format("- {}: {}\n", plain(row.result), plain(row.sentence));
  out << '\n';
}

void print_partings(std::ostream& out, const Report& report) {
  if (report.partings.empty()) return;
  out << "## Where they part\n\n";
  for (const auto& parting : report.partings) {
    out << fmt::format("### {} and {}: {}\n\n", parting.a, parting.b, plain(parting.title));
    for (const auto& sentence : parting.sentences) out << plain(sentence) << '\n';
    out << '\n';
    if (parting.operation) print_operator(out, *parting.operation);
    if (parting.distances) print_table(out, *parting.distances, false);
  }
  if (report.partings_left_out > 0)
    out << fmt::format("{} more pairs of classes are not written out.\n\n", report.partings_left_out);
}

void print_untested(std::ostream& out, const Report& report) {
  if (report.untested.empty()) return;
  out << "## Untested\n\n";
  for (const auto& run : report.untested) {
    out << fmt::format("- {} ({}): {}\n", code(run.configuration), run.kind, plain(run.reason));
    for (const auto& line : run.last_lines) out << "  - " << code(line) << '\n';
  }
  out << '\n';
}

bool any_marked(const Table& table) {
  return std::find(table.marked.begin(), table.marked.end(), true) != table.marked.end();
}

void print_differences(std::ostream& out, const Report& report) {
  if (!any_marked(report.pins) && !any_marked(report.facts)) return;
  out << "## Pins and facts that differ\n\n";
  for (const auto* table : {&report.pins, &report.facts})
    if (any_marked(*table)) print_table(out, *table, true);
}

}  // namespace

extern const Format md{
    .summary = "Markdown, for a pull request or a release page",
    .extension = "md",
    .render =
        [](const Report& report, std::ostream& out) {
          out << "# " << plain(report.headline) << "\n\n" << plain(report.subtitle) << "\n\n";
          for (const auto& sentence : report.verdict) out << plain(sentence) << '\n';
          if (!report.verdict.empty()) out << '\n';
          for (const auto& mark : report.marks)
            out << "- "
                << (mark.mood == Mood::good  ? "✓ "
                    : mark.mood == Mood::bad ? "✗ "
                                             : "○ ")
                << plain(mark.text) << '\n';
          if (!report.marks.empty()) out << '\n';
          print_classes(out, report);
          print_factors(out, report);
          print_partings(out, report);
          print_self_test(out, report);
          print_untested(out, report);
          print_differences(out, report);
          if (!report.next.sentence.empty())
            out << "## What to do next\n\n" << plain(report.next.sentence) << "\n\n";
          if (!report.next.command.empty()) out << "    " << printable(report.next.command) << "\n\n";
          if (!report.again.empty()) out << "## Do it again\n\n    " << printable(report.again) << '\n';
        },
};

}  // namespace reprise::formats
