// SPDX-License-Identifier: Apache-2.0
#include "reports/compose.h"

#include <fmt/core.h>

#include "harness/judge/compare/divergence_words.h"
#include "reports/compose_parts.h"

namespace reprise {
namespace {

std::string subtitle_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
  std::string text = "recipe " + (diff.recipe.empty() ? matrix.recipe : diff.recipe);
  if (!diff.recipe_id.empty()) text += " " + diff.recipe_id.substr(0, 8);
  if (diff.steps > 0)
    text += fmt::format(", {} compared", counted(static_cast<std::size_t>(diff.steps), "step"));
  text += ", " + counted(diff.traces.size(), "run");
  if (verdict.untested > 0) text += fmt::format(" and {} untested", verdict.untested);
  return text;
}

std::string title_of(const Diff& diff, const Matrix& matrix) {
  const std::string& recipe = diff.recipe.empty() ? matrix.recipe : diff.recipe;
  if (diff.traces.empty()) return recipe + ": no run to compare";
  return fmt::format("{}: {} of {}", recipe, counted(diff.classes.size(), "equivalence class"),
                     counted(diff.traces.size(), "run"));
}

}  // namespace

const Split* from_first(const Diff& diff, std::size_t index) { return split_between(diff, 0, index); }

Report compose(const Diff& diff, const Verdict& verdict, const Matrix& matrix,
               const std::optional<Metric>& metric, const CloserLook& closer) {
  Report report;
  report.recipe = diff.recipe.empty() ? matrix.recipe : diff.recipe;
  report.recipe_id = diff.recipe_id;
  report.steps = diff.steps;
  if (!diff.traces.empty()) report.reference = diff.traces.front().name;
  report.subtitle = subtitle_of(diff, verdict, matrix);
  report.title = title_of(diff, matrix);
  report.headline = verdict.headline;
  report.verdict = verdict_sentences(diff, verdict, matrix);
  report.exit_code = verdict.exit_code;
  report.mood = verdict.exit_code == 0 ? Mood::good : Mood::bad;
  report.marks = marks_of(diff, verdict, matrix);
  for (const auto& mark : gpu_marks(diff)) report.marks.push_back(mark);
  for (const auto& mark : self_test_marks(closer.self_test)) report.marks.push_back(mark);
  report.classes = classes_of(diff, metric);
  report.runs = runs_of(diff);
  report.factors = factors_of(verdict);
  report.explaining_sets = verdict.explaining_sets;
  report.explained = verdict.explained;
  report.explaining = explaining_sentence(diff, verdict);
  report.strips = strips_of(diff);
  report.strips_sentence = strips_sentence(diff);
  report.curves = curves_of(diff);
  report.curves_sentence = curves_sentence(diff);
  report.heat = heat_of(diff);
  report.partings = partings_of(diff);
  add_operators(diff, closer.bisections, report.partings);
  report.partings_left_out = diff.splits.size() - report.partings.size();
  report.untested = untested_of(matrix);
  report.pins = pins_of(diff);
  report.facts = facts_of(diff);
  report.again = matrix.command;
  report.next = next_of(diff, verdict, matrix, report.partings);
  if (closer.self_test) {
    report.self_test = self_test_part(*closer.self_test);
    declare_void(*closer.self_test, report);
  }
  return report;
}

}  // namespace reprise
