// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/verdict.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/ranks.h"
#include "harness/judge/compare/starts.h"
#include "harness/judge/explain/explaining.h"
#include "harness/judge/verdict/factor_verdict.h"
#include "harness/judge/verdict/verdict_words.h"

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

// Whether nothing is broken where it moves the bits, however far.
bool may_move(Promise promise) { return promise == Promise::statistical || promise == Promise::none; }

// Whether runs part that differ in no factor which may move the bits.
bool parts_unasked(const Tested& tested) {
  std::map<std::vector<std::string>, std::size_t> class_of;
  for (std::size_t i = 0; i < tested.configurations.size(); ++i) {
    std::vector<std::string> key;
    for (const auto& factor : tested.factors)
      if (may_move(factor.promise)) key.push_back(tested.configurations[i]->values.at(factor.name));
    const std::size_t in_class = tested.diff->traces[i].in_class;
    if (class_of.emplace(key, in_class).first->second != in_class) return true;
  }
  return false;
}

// Several runs of equal bits, and no factor of which that says anything: no success.
bool shows_nothing(const Verdict& verdict, const Tested& tested) {
  return verdict.tested > 1 && !verdict.factors.empty() && tested.diff->all_equal() &&
         std::ranges::all_of(verdict.factors,
                             [](const FactorVerdict& one) { return one.finding == Finding::untested; });
}

int exit_code_of(const Verdict& verdict, const Tested& tested) {
  // One run is nothing to compare, and no promise was tested.
  if (verdict.failed > 0 || verdict.tested < 2) return 2;
  if (shows_nothing(verdict, tested)) return 2;
  bool moved = false;
  for (const auto& factor : verdict.factors) {
    if (may_move(factor.factor.promise) || !factor.moved) continue;
    moved = true;
    if (factor.finding != Finding::equivalent) return 1;
  }
  // Runs may part although no pair that differs in one factor alone did: some pairs are untested.
  return !moved && parts_unasked(tested) ? 1 : 0;
}

// Two runs with equal bits show that the training repeats, whatever they differ in; a run and its copy do
// not.
std::int64_t agreed_to(const Diff& diff, const RepeatEvidence& repeats) {
  if (repeats.part) return -1;
  for (std::size_t i = 0; i < diff.traces.size(); ++i)
    for (std::size_t j = i + 1; j < diff.traces.size(); ++j) {
      const auto &a = diff.traces[i], &b = diff.traces[j];
      if (a.in_class == b.in_class && (a.execution.empty() || a.execution != b.execution))
        return std::numeric_limits<std::int64_t>::max();
    }
  return repeats.agree_to;
}

// Runs may repeat bit for bit, and their ranks train no one model together: "Ranks part: in world-size=2 (and
// 1 more run) rank 1 holds other weights than rank 0 from step 3 on (...)."
void add_headline(const Diff& diff, const std::vector<NamedTrace>& traces, Verdict& verdict) {
  verdict.headline = headline_of(diff, verdict);
  std::string where, what;
  std::size_t more = 0;
  for (const auto& [name, trace, run] : traces) {
    auto held = run ? ranks_held(*run) : std::nullopt;
    if (!held || !held->parts) continue;
    if (!where.empty()) {
      ++more;
      continue;
    }
    held->samples.clear();
    where = name;
    what = sentence_of(*held);
  }
  if (where.empty()) return;
  const std::string others = more == 0 ? "" : fmt::format(" (and {} more run{})", more, more == 1 ? "" : "s");
  verdict.headline += fmt::format(" Ranks part: in {}{} {}.", where, others, what);
  verdict.exit_code = std::max(verdict.exit_code, 1);
}

void check_values(const Configuration& configuration, const std::vector<Factor>& factors) {
  for (const auto& factor : factors)
    if (factor.values.empty() || !configuration.values.contains(factor.name))
      fail("wanted a value of the factor {} for the configuration {}, found none; run the matrix again",
           factor.name, configuration.name);
}

}  // namespace

Verdict judge(const Diff& diff, const Matrix& matrix, const std::optional<Metric>& metric,
              const std::vector<NamedTrace>& traces, const RepeatEvidence& repeats) {
  Verdict verdict;
  Starts starts;
  Tested tested{&diff, {}, matrix.factors, metric, {}, &starts};
  for (const auto& [name, trace, run] : traces)
    tested.places.push_back({trace.plan(), host_of(trace.facts()), &trace});
  std::vector<std::size_t> classes;
  for (const auto& configuration : matrix.configurations) {
    const auto& outcome = configuration.outcome;
    check_values(configuration, matrix.factors);
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
    if (outcome.ending != Ending::skipped) ++verdict.failed;
  }
  tested.agree_to = agreed_to(diff, repeats);
  verdict.repeats_part = repeats.part;
  for (const auto& factor : matrix.factors) verdict.factors.push_back(factor_verdict(tested, factor));
  const Explanation explanation = explain(matrix.factors, tested.configurations, classes);
  verdict.explaining_sets = explanation.sets;
  verdict.explained = explanation.explained || matrix.factors.empty();
  if (!std::ranges::all_of(verdict.factors, &FactorVerdict::shown)) verdict.explaining_sets.clear();
  verdict.exit_code = exit_code_of(verdict, tested);
  verdict.starts = unlike_starts(tested.configurations, classes, starts);
  if (verdict.starts.empty() && shows_nothing(verdict, tested)) {
    std::vector<std::pair<std::string, std::filesystem::path>> runs;
    for (const auto* one : tested.configurations) runs.emplace_back(one->name, one->folder);
    verdict.starts = left_by_another(runs, starts);
  }
  add_headline(diff, traces, verdict);
  return verdict;
}

}  // namespace reprise
