// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "reports/layout/charts.h"
#include "reports/layout/names.h"
#include "reports/layout/svg.h"
#include "reports/layout/wrap.h"

namespace reprise {
namespace {

constexpr std::size_t names_before_folding = 16, rows_drawn = 40;

struct Row {
  std::string name, letter;
  std::size_t place;  // in the heat's own order
};

// Every configuration, or the first of each class if there are many.
std::vector<Row> rows_of(const blocks::Heat& heat) {
  const bool folds = heat.names.size() > names_before_folding;
  std::map<std::string, std::size_t> members;
  for (const auto& letter : heat.letters) ++members[letter];
  std::vector<Row> rows;
  std::map<std::string, bool> told;
  for (std::size_t i = 0; i < heat.names.size(); ++i) {
    if (folds && told[heat.letters[i]]) continue;
    told[heat.letters[i]] = true;
    rows.push_back({folds ? svg::folded_name(heat.names[i], members[heat.letters[i]]) : heat.names[i],
                    heat.letters[i], i});
  }
  return rows;
}

// 0 for the earliest, 3 for the latest, 4 for none at all.
int shade_of(const std::optional<std::int64_t>& first, std::int64_t steps) {
  if (!first) return 4;
  if (*first == 0) return 0;
  const double late = static_cast<double>(*first) / static_cast<double>(std::max<std::int64_t>(steps, 1));
  return late < 0.1 ? 1 : late < 0.5 ? 2 : 3;
}

// At most four characters where the cell is small.
std::string cell_words(const std::optional<std::int64_t>& first, double cell) {
  if (!first) return "=";
  const std::int64_t exact = cell < 30 ? 1000 : 100000;
  if (*first < exact) return std::to_string(*first);
  return *first < 1000000 ? fmt::format("{}k", *first / 1000) : fmt::format("{}M", *first / 1000000);
}

std::string tip_of(const Row& a, const Row& b, const std::optional<std::int64_t>& first) {
  const std::string words = !first        ? "identical"
                            : *first == 0 ? "differ before training"
                                          : fmt::format("differ from step {}", *first);
  return a.name + " and " + b.name + ": " + words;
}

}  // namespace

std::string heat_chart(const blocks::Heat& heat, std::int64_t steps) {
  std::vector<Row> rows = rows_of(heat);
  const std::size_t left_out = rows.size() > rows_drawn ? rows.size() - rows_drawn : 0;
  rows.resize(rows.size() - left_out);
  const double cell = rows.size() > 16 ? 26 : rows.size() > 10 ? 34 : 44;
  const double left = 58 + svg::room_for_labels(rows, 30), top = 26;
  const char* words_style = cell < 30 ? "m n s" : "m n";
  std::string marks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = top + static_cast<double>(i) * cell, middle = y + cell / 2 + 4;
    const std::string number = std::to_string(i + 1);
    marks += svg::mark(
        rows[i].name + ", class " + rows[i].letter,
        svg::text("e", left - 50, middle, shortened(rows[i].name, 30)) +
            svg::text(fmt::format("m k f{}", colour_of(rows[i].letter)), left - 37, middle, rows[i].letter) +
            svg::text("t e", left - 8, middle, number));
    marks += svg::mark(rows[i].name,
                       svg::text("t m", left + (static_cast<double>(i) + 0.5) * cell, top - 9, number));
    for (std::size_t j = 0; j < rows.size(); ++j) {
      const auto& first = heat.cells[rows[i].place][rows[j].place].first;
      const double x = left + static_cast<double>(j) * cell;
      marks += svg::mark(
          tip_of(rows[i], rows[j], first),
          svg::box(fmt::format("h{}", shade_of(first, steps)), x + 1, y + 1, cell - 2, cell - 2, 3) +
              svg::text(words_style, x + cell / 2, middle, cell_words(first, cell)));
    }
  }
  const double size = static_cast<double>(rows.size()) * cell;
  double height = top + size + 6;
  if (left_out > 0) {
    marks +=
        svg::text("t", left, height + 10, fmt::format("and {} more classes, in the JSON report", left_out));
    height += 20;
  }
  const double width = left + size + 8;
  return svg::picture(width > 640 ? "wide" : "narrow", std::max(width, 420.0), height,
                      "The first step at which each pair of configurations differs", marks);
}

}  // namespace reprise
