// SPDX-License-Identifier: Apache-2.0
#pragma once
// One training by another number of ranks. Each rank sees a share of the batch, so that batches and losses of
// single ranks are other ones by design; what must be alike is the model, which every rank holds whole, and
// the samples of a step, joined over ranks.
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/process_match.h"

namespace reprise {

// `ranks`: pairs of both runs, rank 0 first; a run with fewer lacks the last. The first step at which the
// ranks' samples, taken together, are others, or at which rank 0 of one holds another model than that of the
// other. Nothing where these agree, and where the pairs are not ranks.
std::optional<Divergence> world_sizes_divergence(const std::vector<ProcessPair>& ranks,
                                                 std::optional<std::int64_t> prefix);

// The first step, up to `last`, at which the samples of all ranks, taken together, are others.
struct SamplesFound {
  bool compared = false;  // in each step
  std::optional<std::int64_t> others_from;
};
SamplesFound compare_samples(const std::vector<ProcessPair>& ranks, std::int64_t last);
// That as a divergence: the batch order.
Divergence other_samples(std::int64_t step);

}  // namespace reprise
