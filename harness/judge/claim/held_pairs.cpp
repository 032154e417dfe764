// SPDX-License-Identifier: Apache-2.0
// Runs paired by example with what the published model predicted: more exact than two accuracies, since both
// meet the same examples.
#include <algorithm>

#include "harness/judge/claim/held.h"
#include "harness/judge/claim/pairing.h"
#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

PairedRun paired(const ClaimRun& run, const std::vector<std::int64_t>& published) {
  PairedRun pair{.run = run.name};
  const Predictions& ours = *run.predictions;
  for (std::size_t i = 0; i < ours.label.size(); ++i) {
    const bool we = ours.predicted[i] == ours.label[i], they = published[i] == ours.label[i];
    pair.ours_alone += we && !they ? 1 : 0;
    pair.theirs_alone += they && !we ? 1 : 0;
  }
  const McNemar test = mcnemar(pair.ours_alone, pair.theirs_alone);
  pair.chi_squared = test.chi_squared;
  pair.p = test.p;
  return pair;
}

RunPair run_pair(const ClaimRun& first, const ClaimRun& second) {
  RunPair pair{.first = first.name, .second = second.name};
  const Predictions &a = *first.predictions, &b = *second.predictions;
  for (std::size_t i = 0; i < a.label.size(); ++i) {
    const bool one = a.predicted[i] == a.label[i], other = b.predicted[i] == b.label[i];
    pair.first_alone += one && !other ? 1 : 0;
    pair.second_alone += other && !one ? 1 : 0;
  }
  pair.p = mcnemar(pair.first_alone, pair.second_alone).p;
  return pair;
}

double share_right(const Predictions& ours, const std::vector<std::int64_t>& published) {
  std::size_t right = 0;
  for (std::size_t i = 0; i < published.size(); ++i) right += published[i] == ours.label[i] ? 1 : 0;
  return 100.0 * static_cast<double>(right) / static_cast<double>(published.size());
}

// Why no run can be paired, or "".
std::string why_not(const HeldClaim& held) {
  for (const auto& run : held.runs) {
    if (!run.counts()) continue;
    if (!run.predictions) return fmt::format("{}: {}", run.name, run.no_predictions);
    if (run.predictions->label.size() != held.claim.predictions.size())
      return fmt::format("{} predictions are published, {} has {} test examples",
                         held.claim.predictions.size(), run.name, run.predictions->label.size());
  }
  return "";
}

}  // namespace

void pair_by_example(HeldClaim& held) {
  if (held.claim.predictions.empty()) return;
  if (const std::string why = why_not(held); !why.empty()) {
    held.remarks.push_back("Not paired by example with the published predictions: " + why + ".");
    return;
  }
  const Predictions* ours = nullptr;
  std::vector<double> p_values;
  for (const auto& run : held.runs) {
    if (!run.counts()) continue;
    ours = &*run.predictions;
    held.pairs.push_back(paired(run, held.claim.predictions));
    p_values.push_back(held.pairs.back().p);
  }
  if (held.pairs.empty()) return;
  const auto adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) held.pairs[i].adjusted_p = adjusted[i];
  const auto differ =
      std::ranges::count_if(held.pairs, [](const PairedRun& one) { return one.adjusted_p <= 0.05; });
  held.remarks.push_back(
      fmt::format("Paired by example with the published predictions (McNemar, 5 % over all runs by Holm), {} "
                  "of {} err on "
                  "more, or on fewer, examples than the published model, which has {:.2f} % right here.",
                  differ, counted(held.pairs.size(), "run"), share_right(*ours, held.claim.predictions)));
}

void pair_runs(HeldClaim& held) {
  std::vector<const ClaimRun*> runs;
  for (const auto& run : held.runs) {
    if (!run.counts()) continue;
    if (!run.predictions || (!runs.empty() && run.predictions->label != runs.front()->predictions->label))
      return;
    runs.push_back(&run);
  }
  if (runs.size() < 2) return;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (std::size_t j = i + 1; j < runs.size(); ++j) {
      held.own_pairs.push_back(run_pair(*runs[i], *runs[j]));
      p_values.push_back(held.own_pairs.back().p);
    }
  const auto adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) held.own_pairs[i].adjusted_p = adjusted[i];
  const auto differ =
      std::ranges::count_if(held.own_pairs, [](const RunPair& one) { return one.adjusted_p <= 0.05; });
  held.remarks.push_back(fmt::format(
      "Our runs paired by example with one another (McNemar, 5 % over all pairs by Holm): in {} of {} "
      "one errs on more examples than the other does.",
      differ, counted(held.own_pairs.size(), "pair")));
}

}  // namespace reprise
