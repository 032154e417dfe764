// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/night_cells.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/nights/found_words.h"

namespace reprise {
namespace {

// Indices of nights, the last one counted in.
struct Span {
  std::size_t first = 0, last = 0;
};

std::vector<Span> columns_of(std::size_t nights) {
  std::vector<Span> columns;
  for (std::size_t end = nights; end > 0;) {
    const std::size_t together = nights - end < nights_alone ? 1 : std::min(nights_together, end);
    columns.push_back({end - together, end - 1});
    end -= together;
  }
  return columns;
}

std::string numbers_of(const MachineNights& machine, const Span& span) {
  const auto first = machine.numbers[span.first], last = machine.numbers[span.last];
  return first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
}

// The runs of one matrix over some nights.
struct Told {
  std::size_t runs = 0, match = 0;
  Held worst = Held::match;
  std::vector<std::size_t> moved = {};  // nights, by index
  std::size_t telling = 0;              // the night whose report says most
};

Told told_of(const MatrixNights& row, const Span& span) {
  Told told;
  for (std::size_t i = span.last + 1; i-- > span.first;) {
    const auto& night = row.nights[i];
    if (night.runs == 0) continue;
    const bool worst =
        told.runs == 0 || (night.worst != told.worst && worse(night.worst, told.worst) == night.worst);
    if (worst) told.worst = night.worst;
    if (worst && told.moved.empty()) told.telling = i;
    if (!night.moved.empty()) told.moved.insert(told.moved.begin(), told.telling = i);
    told.runs += night.runs;
    told.match += night.match;
  }
  return told;
}

std::string tip_of(const MachineNights& machine, const MatrixNights& row, const Span& span,
                   const Told& told) {
  const bool one = span.first == span.last;
  std::string text =
      one ? fmt::format("night {}, {}", machine.numbers[span.first], machine.dates[span.first].substr(0, 10))
          : fmt::format("nights {} to {}", machine.numbers[span.first], machine.numbers[span.last]);
  text +=
      told.runs == 0 ? ": not run" : fmt::format(": {} of {} match", told.match, counted(told.runs, "run"));
  if (told.worst != Held::match) text += fmt::format(", {}", to_text(told.worst));
  if (told.moved.empty()) return text;
  if (one) return text + "; bits moved: " + join(row.nights[span.first].moved, ", ");
  std::vector<std::string> nights;
  for (const auto i : told.moved) nights.push_back(std::to_string(machine.numbers[i]));
  return text +
         fmt::format("; bits moved on {} {}", nights.size() == 1 ? "night" : "nights", join(nights, ", "));
}

bool stand_together(const Told& a, const Told& b) {
  return a.moved.empty() && b.moved.empty() && (a.runs == 0) == (b.runs == 0) && a.worst == b.worst &&
         (a.match == a.runs) == (b.match == b.runs);
}

blocks::NightCell cell_of(const MachineNights& machine, const MatrixNights& row, const Span& span,
                          std::size_t columns, const Texts& texts) {
  const Told told = told_of(row, span);
  blocks::NightCell cell;
  cell.columns = columns;
  cell.tip = tip_of(machine, row, span, told);
  if (told.runs == 0) return cell;
  cell.sign = sign_of(told.worst) + (told.moved.empty() ? "" : "Δ");
  if (told.moved.size() > 1) cell.sign += std::to_string(told.moved.size());
  cell.shade = shade_of(told.worst);
  cell.link = texts.at(row.nights[told.telling].report);
  return cell;
}

}  // namespace

blocks::Nights night_cells(const MachineNights& machine, const Texts& texts) {
  blocks::Nights nights;
  nights.label = "Nights of " + machine.name;
  const auto columns = columns_of(machine.numbers.size());
  for (const auto& column : columns) nights.columns.push_back(numbers_of(machine, column));
  for (const auto& row : machine.matrices) {
    blocks::NightRow line{row.name, {}};
    for (std::size_t i = 0; i < columns.size();) {
      Span span = columns[i];
      std::size_t taken = 1;
      for (const Told told = told_of(row, span); span.last > span.first && i + taken < columns.size();
           ++taken) {
        if (!stand_together(told, told_of(row, columns[i + taken]))) break;
        span.first = columns[i + taken].first;
      }
      line.cells.push_back(cell_of(machine, row, span, taken, texts));
      i += taken;
    }
    nights.rows.push_back(std::move(line));
  }
  return nights;
}

}  // namespace reprise
