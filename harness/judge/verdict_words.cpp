// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict_words.h"

#include "harness/base/error.h"

namespace reprise {

std::string listed(std::span<const std::string> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string when(std::int64_t step) {
  return step == 0 ? "before training" : fmt::format("at step {}", step);
}

std::string place_of(const Divergence& divergence) {
  if (divergence.batch_order_from == divergence.step && divergence.stage == "batch") return "the batch order";
  if (divergence.stage == "data") return fmt::format("the data, {}", divergence.tensor);
  const std::string stage = divergence.step == 0 ? "initial " + divergence.stage : divergence.stage;
  return divergence.tensor.empty() || divergence.tensor == divergence.stage
             ? stage
             : fmt::format("{}, {}", stage, divergence.tensor);
}

std::string counted(std::size_t count, std::string_view noun) {
  const bool es = noun.ends_with('s');
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : es ? "es" : "s");
}

namespace {

std::string without_factors(const Diff& diff) {
  if (diff.all_equal())
    return fmt::format("All {} traces are identical, bit for bit, up to step {}.", diff.traces.size(),
                       diff.steps);
  const Split* earliest = &diff.splits.front();
  for (const auto& split : diff.splits)
    if (split.first.step < earliest->first.step) earliest = &split;
  return fmt::format("The {} traces fall into {} classes; the first difference is {} ({}).",
                     diff.traces.size(), diff.classes.size(), when(earliest->first.step),
                     place_of(earliest->first));
}

std::string with_factors(const Verdict& verdict) {
  std::vector<std::string> moved, meant, still;
  for (const auto& factor : verdict.factors) {
    if (factor.finding == Finding::untested) continue;
    auto& list = !factor.moved ? still : factor.factor.owes == Promise::statistical ? meant : moved;
    list.push_back(factor.factor.name);
  }
  const std::string rest = still.empty() ? "" : ", and with nothing else that was tried";
  if (moved.empty() && meant.empty()) return "";
  if (moved.empty()) return fmt::format("The bits move with {}, as they should{}.", listed(meant), rest);
  if (meant.empty()) return fmt::format("The bits move with {}{}.", listed(moved), rest);
  return fmt::format("The bits move with {}, with {} as they should{}.", listed(moved), listed(meant), rest);
}

}  // namespace

std::string headline_of(const Diff& diff, const Verdict& verdict) {
  if (verdict.tested == 0)
    return verdict.untested == 0 ? "Nothing was run." : "Nothing could be compared: every run is untested.";
  if (verdict.tested == 1) return "One run was done; there is nothing to compare it with.";
  if (verdict.factors.empty()) return without_factors(diff);
  for (const auto& factor : verdict.factors)
    if (factor.factor.name == "repeat" && factor.moved)
      return fmt::format("Two runs of the same plan differ {}: this training does not repeat here.",
                         when(factor.values.front().step.value_or(0)));
  const std::string moved = with_factors(verdict);
  if (!moved.empty()) return moved;
  if (diff.all_equal())
    return fmt::format("All {} runs are identical, bit for bit, from the first step to the last.",
                       verdict.tested);
  return fmt::format("The {} runs fall into {} classes that no single factor explains.", verdict.tested,
                     diff.classes.size());
}

}  // namespace reprise
