// SPDX-License-Identifier: Apache-2.0
#include "reports/compose.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/judge/compare/beside_words.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/phrases.h"
#include "reports/section.h"
#include "reports/self_test_words.h"
#include "reports/verdict_sentences.h"

namespace reprise {
namespace {

std::string subtitle_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
  std::string text = "recipe " + (diff.recipe.empty() ? matrix.recipe : diff.recipe);
  if (!diff.recipe_id.empty()) text += " " + diff.recipe_id.substr(0, 8);
  if (diff.steps > 0)
    text += fmt::format(", {} compared", counted(static_cast<std::size_t>(diff.steps), "step"));
  text += ", " + counted(diff.traces.size(), "run");
  if (verdict.untested > 0) text += fmt::format(" and {} untested", verdict.untested);
  const auto emulated = std::ranges::count_if(
      diff.traces, [](const TraceSummary& trace) { return trace.facts.contains("cpu.emulator"); });
  if (emulated > 0) text += fmt::format(", {} emulated", emulated);
  return text;
}

std::string title_of(const Diff& diff, const Matrix& matrix) {
  const std::string& recipe = diff.recipe.empty() ? matrix.recipe : diff.recipe;
  if (diff.traces.empty()) return recipe + ": no run to compare";
  return fmt::format("{}: {} of {}", recipe, counted(diff.classes.size(), "equivalence class"),
                     counted(diff.traces.size(), "run"));
}

Report head_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
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
  return report;
}

// Nobody is to read that all is identical where a number that was printed is not. Verdict and exit code stay
// those of the training.
void add_beside(const Beside& beside, const Diff& diff, Report& report) {
  const std::string sentence = beside_sentence(beside, diff), words = differing_beside(beside, diff);
  if (words.empty()) {
    if (!sentence.empty()) report.verdict.push_back(sentence);
    return;
  }
  if (report.headline.ends_with('.')) report.headline.pop_back();
  report.headline += diff.all_equal() ? fmt::format(", but {}.", words)
                                      : fmt::format(". Of runs with equal bits, {}.", words);
  if (report.exit_code == 0) report.mood = Mood::neutral;
}

// An injected fault escaped: the headline says so first, and the exit code is that of trouble.
void declare_void(const SelfTest& test, Report& report) {
  report.mood = Mood::bad;
  report.exit_code = 2;
  report.title = report.recipe + ": this report is void";
  report.verdict.insert(report.verdict.begin(), "What it would say: " + report.headline);
  report.headline = sentence("This report is void: " + escape_sentence(test));
}

}  // namespace

Report compose(const Diff& diff, const Verdict& verdict, const Matrix& matrix,
               const std::optional<Metric>& metric, const CloserLook& closer) {
  Report report = head_of(diff, verdict, matrix);
  if (closer.beside) add_beside(*closer.beside, diff, report);
  if (closer.self_test && closer.self_test->is_void) declare_void(*closer.self_test, report);
  const Report head = report;
  const Judged judged{diff, verdict, matrix, metric, closer, head};
  for (const auto& [name, composer] : sections_shelf()) {
    report.sections.push_back(composer->compose(judged));
    report.sections.back().key = name;
    report.sections.back().order = composer->order;
  }
  std::ranges::stable_sort(report.sections, {}, [](const Section& section) { return section.order.page; });
  return report;
}

}  // namespace reprise
