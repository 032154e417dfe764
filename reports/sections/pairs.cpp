// SPDX-License-Identifier: Apache-2.0
// For every pair of runs, the first step at which they differ.
#include <algorithm>

#include "reports/members.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

blocks::Heat heat_of(const Diff& diff) {
  blocks::Heat heat;
  heat.caption = "The first step at which two runs differ; 0 is before training, = means equal to the end.";
  if (std::ranges::any_of(diff.divergences, [](const ClassDivergence& one) {
        return parting_of(one.first) == Parting::layout;
      }))
    heat.caption +=
        " Where the ranks of two hold other parts of the model it is the last step compared, and no "
        "difference.";
  heat.steps = diff.steps;
  for (const auto& trace : diff.traces) {
    heat.names.push_back(trace.name);
    heat.letters.push_back(diff.classes[trace.in_class].letter);
  }
  const std::size_t count = diff.classes.size();
  std::vector<blocks::HeatCell> pairs(count * count);
  for (const auto& divergence : diff.divergences)
    pairs[divergence.a * count + divergence.b].first = pairs[divergence.b * count + divergence.a].first =
        divergence.first.step;
  for (const auto& row : diff.traces) {
    std::vector<blocks::HeatCell> cells;
    for (const auto& column : diff.traces) cells.push_back(pairs[row.in_class * count + column.in_class]);
    heat.cells.push_back(std::move(cells));
  }
  return heat;
}

Section compose(const Judged& judged) {
  const auto heat = heat_of(judged.diff);
  Json rows = Json::array();
  for (const auto& row : heat.cells) {
    Json cells = Json::array();
    for (const auto& cell : row) cells.push_back(step_or_null(cell.first));
    rows.push_back(cells);
  }
  const Json pairs = {{"configurations", heat.names}, {"classes", heat.letters}, {"first_difference", rows}};
  return {.heading = "Every pair", .blocks = {{heat}}, .members = {{"pairs", pairs}}};
}

}  // namespace

extern const SectionComposer pairs{
    .summary = "for every pair of runs, the first step that differs",
    .order = {.page = 60},
    .compose = compose,
};

}  // namespace reprise::sections
