// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/explaining.h"
#include "harness/judge/margin.h"
#include "harness/judge/verdict_words.h"

namespace reprise {

std::string_view to_text(Finding finding) {
  switch (finding) {
    case Finding::identical:
      return "identical";
    case Finding::identical_until:
      return "identical until";
    case Finding::equivalent:
      return "equivalent";
    case Finding::different:
      return "different";
    case Finding::inconclusive:
      return "inconclusive";
    case Finding::untested:
      return "untested";
    case Finding::as_meant:
      return "as meant";
  }
  fail("no such finding");
}

namespace {

// How much a finding asks for attention: the worst value speaks for its factor.
int weight_of(Finding finding) {
  switch (finding) {
    case Finding::identical:
      return 0;
    case Finding::as_meant:
      return 1;
    case Finding::equivalent:
      return 2;
    case Finding::untested:
      return 3;
    case Finding::identical_until:
      return 4;
    case Finding::inconclusive:
      return 5;
    case Finding::different:
      return 6;
  }
  return 6;
}

bool differ_only_in(const Configuration& a, const Configuration& b, const std::string& factor) {
  for (const auto& [name, value] : a.values) {
    const auto other = b.values.find(name);
    if (other == b.values.end() || (name != factor && other->second != value)) return false;
  }
  return true;
}

struct Pairs {
  std::size_t compared = 0;
  const Split* earliest = nullptr;  // of those that differ
};

// The done pairs that differ in this factor alone: its first value against `value`.
Pairs pairs_of(const Tested& tested, const Factor& factor, const std::string& value) {
  Pairs pairs;
  const Diff& diff = *tested.diff;
  for (std::size_t i = 0; i < tested.configurations.size(); ++i)
    for (std::size_t j = 0; j < tested.configurations.size(); ++j) {
      const auto &a = *tested.configurations[i], &b = *tested.configurations[j];
      if (a.values.at(factor.name) != factor.values.front() || b.values.at(factor.name) != value) continue;
      if (!differ_only_in(a, b, factor.name)) continue;
      ++pairs.compared;
      const auto first = std::min(diff.traces[i].in_class, diff.traces[j].in_class);
      const auto second = std::max(diff.traces[i].in_class, diff.traces[j].in_class);
      for (const auto& split : diff.splits)
        if (split.a == first && split.b == second &&
            (pairs.earliest == nullptr || split.first.step < pairs.earliest->first.step))
          pairs.earliest = &split;
    }
  return pairs;
}

ValueVerdict moved_value(const Tested& tested, const Factor& factor, const std::string& value,
                         const Split& split) {
  ValueVerdict verdict{value, Finding::identical_until, split.first.step, ""};
  const std::string moved =
      fmt::format("moved the bits {} ({})", when(split.first.step), place_of(split.first));
  if (factor.owes == Promise::statistical) {
    verdict.finding = Finding::as_meant;
    verdict.sentence = moved + ", as it should";
  } else if (factor.owes == Promise::bitwise) {
    verdict.sentence = moved + ", though it must not";
  } else {
    const MarginVerdict within = within_margin(tested, factor, value);
    verdict.finding = within.finding;
    verdict.sentence = moved + "; " + within.sentence;
  }
  return verdict;
}

ValueVerdict value_verdict(const Tested& tested, const Factor& factor, const std::string& value) {
  const Pairs pairs = pairs_of(tested, factor, value);
  if (pairs.compared == 0) return {value, Finding::untested, std::nullopt, "no pair of runs to compare"};
  if (pairs.earliest != nullptr) return moved_value(tested, factor, value, *pairs.earliest);
  if (factor.owes == Promise::statistical)
    return {value, Finding::identical, std::nullopt, "did not move the bits, although it is meant to"};
  return {value, Finding::identical, std::nullopt, "did not move the bits"};
}

// "2 and 4 moved them at step 1, 8 did not".
std::string found_words(const FactorVerdict& verdict) {
  std::map<std::int64_t, std::vector<std::string>> moved;
  std::vector<std::string> still, untested;
  for (const auto& value : verdict.values) {
    if (value.step)
      moved[*value.step].push_back(value.value);
    else
      (value.finding == Finding::untested ? untested : still).push_back(value.value);
  }
  if (moved.empty()) return still.empty() ? "untested" : "did not move the bits";
  std::vector<std::string> parts;
  const bool repeats = verdict.factor.name == "repeat";
  for (const auto& [step, values] : moved)
    parts.push_back(fmt::format("{}{} moved them {}", repeats ? "repeat " : "", listed(values), when(step)));
  if (!still.empty()) parts.push_back(listed(still) + " did not");
  if (!untested.empty()) parts.push_back(listed(untested) + " untested");
  return join(parts, ", ");
}

FactorVerdict factor_verdict(const Tested& tested, const Factor& factor) {
  FactorVerdict verdict;
  verdict.factor = factor;
  verdict.finding = Finding::untested;
  for (std::size_t i = 1; i < factor.values.size(); ++i)
    verdict.values.push_back(value_verdict(tested, factor, factor.values[i]));
  bool any_tested = false;
  for (const auto& value : verdict.values) {
    if (value.finding == Finding::untested) continue;
    if (!any_tested || weight_of(value.finding) > weight_of(verdict.finding)) verdict.finding = value.finding;
    any_tested = true;
    verdict.moved = verdict.moved || value.step.has_value();
    const bool broken = factor.owes == Promise::statistical ? !value.step.has_value()
                        : factor.owes == Promise::bitwise   ? value.step.has_value()
                                                            : value.finding == Finding::different;
    verdict.kept = verdict.kept && !broken;
  }
  verdict.found = found_words(verdict);
  return verdict;
}

int exit_code_of(const Verdict& verdict, const Diff& diff) {
  if (verdict.failed > 0 || verdict.tested == 0) return 2;
  if (verdict.factors.empty()) return diff.all_equal() ? 0 : 1;
  for (const auto& factor : verdict.factors) {
    if (!factor.kept) return 1;
    const bool may_move = factor.factor.owes == Promise::statistical;
    if (!may_move && factor.moved && factor.finding != Finding::equivalent) return 1;
  }
  return 0;
}

}  // namespace

Verdict judge(const Diff& diff, const Matrix& matrix, const std::optional<Metric>& metric) {
  Verdict verdict;
  Tested tested{&diff, {}, matrix.factors, metric};
  std::vector<std::size_t> classes;
  for (const auto& configuration : matrix.configurations) {
    const auto& outcome = configuration.outcome;
    if (outcome.done()) {
      const std::size_t index = tested.configurations.size();
      check(index < diff.traces.size() && diff.traces[index].name == configuration.name,
            "a diff compares the configurations that are done, in their order");
      tested.configurations.push_back(&configuration);
      classes.push_back(diff.traces[index].in_class);
      ++verdict.tested;
      continue;
    }
    ++verdict.untested;
    if (outcome.kind != "skipped") ++verdict.failed;
  }
  for (const auto& factor : matrix.factors) verdict.factors.push_back(factor_verdict(tested, factor));
  const Explanation explanation = explain(matrix.factors, tested.configurations, classes);
  verdict.explaining_sets = explanation.sets;
  verdict.explained = explanation.explained || matrix.factors.empty();
  verdict.exit_code = exit_code_of(verdict, diff);
  verdict.headline = headline_of(diff, verdict);
  return verdict;
}

}  // namespace reprise
