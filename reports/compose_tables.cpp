// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <cmath>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/compose_parts.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

std::string metric_text(const TraceSummary& trace, const std::optional<Metric>& metric) {
  if (!metric) return "";
  const auto found = trace.final_metrics.find(metric->name);
  if (found == trace.final_metrics.end()) return "";
  return fmt::format("{} {}{}{}", metric->name, number_phrase(found->second), metric->unit.empty() ? "" : " ",
                     metric->unit);
}

std::string finding_text(const ValueVerdict& value) {
  if (value.finding == Finding::identical_until && value.step)
    return *value.step == 0 ? "different before training"
                            : fmt::format("identical until step {}", *value.step);
  return std::string(to_text(value.finding));
}

bool is_broken(const FactorVerdict& factor, const ValueVerdict& value) {
  if (value.finding == Finding::untested) return false;
  if (factor.factor.owes == Promise::statistical) return !value.step.has_value();
  if (factor.factor.owes == Promise::bitwise) return value.step.has_value();
  return value.finding == Finding::different;
}

Mood mood_of(const FactorVerdict& factor) {
  if (!factor.kept) return Mood::bad;
  switch (factor.finding) {
    case Finding::identical:
    case Finding::equivalent:
      return Mood::good;
    case Finding::as_meant:
      return Mood::neutral;
    default:
      return Mood::bad;
  }
}

// The words of the worst value, which is the one that speaks for the factor.
std::string verdict_text(const FactorVerdict& factor) {
  for (const auto& value : factor.values)
    if (value.finding == factor.finding) return finding_text(value);
  return std::string(to_text(factor.finding));
}

using Named = std::map<std::string, std::string>;

// One column per class, one row per name that any of them has.
Table side_by_side(const std::string& what, const Diff& diff, const std::vector<const Named*>& columns) {
  Table table;
  table.head.push_back(what);
  for (const auto& one : diff.classes) table.head.push_back(one.letter);
  std::set<std::string> names;
  for (const auto* column : columns)
    for (const auto& [name, value] : *column) names.insert(name);
  for (const auto& name : names) {
    std::vector<std::string> row = {name};
    std::set<std::string> values;
    for (const auto* column : columns) {
      const auto found = column->find(name);
      row.push_back(found == column->end() ? "not recorded" : found->second);
      values.insert(row.back());
    }
    table.rows.push_back(std::move(row));
    table.marked.push_back(values.size() > 1);
  }
  return table;
}

}  // namespace

std::vector<ReportClass> classes_of(const Diff& diff, const std::optional<Metric>& metric) {
  std::vector<ReportClass> classes;
  for (std::size_t i = 0; i < diff.classes.size(); ++i) {
    const auto& one = diff.classes[i];
    const auto& first = diff.traces[one.members.front()];
    ReportClass shown;
    shown.letter = one.letter;
    for (const auto member : one.members) shown.configurations.push_back(diff.traces[member].name);
    shown.final_weights = to_text(first.final_weights);
    shown.chain = to_text(first.chain);
    shown.final_loss = number_phrase(first.final_loss);
    shown.metric = metric_text(first, metric);
    if (const Split* split = from_first(diff, i)) shown.parts = parts_phrase(split->first);
    classes.push_back(std::move(shown));
  }
  return classes;
}

std::vector<ReportRun> runs_of(const Diff& diff) {
  std::vector<ReportRun> runs;
  for (const auto& trace : diff.traces) {
    ReportRun run;
    run.configuration = trace.name;
    run.letter = diff.classes[trace.in_class].letter;
    run.plan_id = trace.plan_id;
    run.chain = to_text(trace.chain);
    run.final_weights = to_text(trace.final_weights);
    run.last_step = trace.last_step;
    run.planned_steps = trace.planned_steps;
    run.final_loss = trace.final_loss;
    if (trace.first_nan >= 0) run.first_nan = trace.first_nan;
    run.metrics = trace.final_metrics;
    run.pin_checks = trace.pin_checks;
    for (const auto& process : trace.processes)
      run.processes.push_back(
          {process.label, process.ended, process.last_step, process.finished, to_text(process.chain)});
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<ReportFactor> factors_of(const Verdict& verdict) {
  std::vector<ReportFactor> factors;
  for (const auto& factor : verdict.factors) {
    ReportFactor shown;
    shown.name = factor.factor.name;
    shown.values = join(factor.factor.values, ", ");
    shown.owes = std::string(to_text(factor.factor.owes));
    shown.found = factor.found;
    shown.verdict = verdict_text(factor);
    shown.mood = mood_of(factor);
    shown.moved = factor.moved;
    shown.kept = factor.kept;
    for (const auto& value : factor.values)
      shown.by_value.push_back(
          {value.value, finding_text(value), value.sentence, value.step, is_broken(factor, value)});
    factors.push_back(std::move(shown));
  }
  return factors;
}

std::vector<UntestedRun> untested_of(const Matrix& matrix) {
  std::vector<UntestedRun> runs;
  for (const auto& configuration : matrix.configurations) {
    const auto& outcome = configuration.outcome;
    if (outcome.done()) continue;
    runs.push_back({configuration.name, std::string(to_text(outcome.ending)),
                    outcome.reason.empty() ? "no reason was recorded" : outcome.reason, outcome.last_lines});
  }
  return runs;
}

Table pins_of(const Diff& diff) {
  std::vector<const Named*> columns;
  for (const auto& one : diff.classes) columns.push_back(&diff.traces[one.members.front()].pins);
  return side_by_side("pin", diff, columns);
}

Table facts_of(const Diff& diff) {
  std::vector<const Named*> columns;
  for (const auto& one : diff.classes) columns.push_back(&diff.traces[one.members.front()].facts);
  return side_by_side("fact", diff, columns);
}

}  // namespace reprise
