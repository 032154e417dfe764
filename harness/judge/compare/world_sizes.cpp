// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/world_sizes.h"

#include <algorithm>

#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/trace_divergence.h"

namespace reprise {
namespace {

using Side = std::optional<Trace> ProcessPair::*;
using Samples = std::vector<std::uint64_t>;

// In no order: which rank has which of them is not compared. Nothing where a rank does not tell its samples.
std::optional<Samples> joined_samples(const std::vector<ProcessPair>& ranks, Side side, std::int64_t step) {
  Samples all;
  for (const auto& pair : ranks) {
    if (!(pair.*side)) continue;
    if (step > (pair.*side)->last_step()) return std::nullopt;
    const Samples own = (pair.*side)->samples(step);
    if (own.empty()) return std::nullopt;
    all.insert(all.end(), own.begin(), own.end());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace

SamplesFound compare_samples(const std::vector<ProcessPair>& ranks, std::int64_t last) {
  SamplesFound found{last > 0, {}};
  for (std::int64_t step = 1; step <= last; ++step) {
    const auto a = joined_samples(ranks, &ProcessPair::a, step),
               b = joined_samples(ranks, &ProcessPair::b, step);
    if (!a || !b) return {};
    if (*a == *b) continue;
    found.others_from = step;
    return found;
  }
  return found;
}

Divergence other_samples(std::int64_t step) {
  Divergence divergence;
  divergence.step = step;
  divergence.stage = name_of(Stage::batch);
  divergence.tensor = "index";
  divergence.tensors_differing = divergence.tensors_compared = 1;
  divergence.stage_first[static_cast<std::size_t>(Stage::batch)] = step;
  divergence.batch_order_from = step;
  return divergence;
}

std::optional<Divergence> world_sizes_divergence(const std::vector<ProcessPair>& ranks,
                                                 std::optional<std::int64_t> prefix) {
  if (ranks.empty() || ranks.front().label != "rank 0" || !ranks.front().a || !ranks.front().b)
    return std::nullopt;
  const Trace &a = *ranks.front().a, &b = *ranks.front().b;
  const std::int64_t last = std::min(last_compared(a, prefix), last_compared(b, prefix));
  const SamplesFound samples = compare_samples(ranks, last);
  auto first = training_divergence(a, b, last);
  if (samples.others_from && (!first || *samples.others_from <= first->step))
    first = other_samples(*samples.others_from);
  if (!first) return std::nullopt;
  first->batches_compared = samples.compared;
  first->process = ranks.front().label;
  return first;
}

}  // namespace reprise
