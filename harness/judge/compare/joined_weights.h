// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two runs whose ranks hold other parts of one model (FSDP beside DDP, FSDP over other numbers of ranks): no
// digest of one rank has its like in the other run. Where the ranks' row parts (harness/trace/row_part.h) add
// up to whole weights, these are compared; where they do not, nothing is said of them.
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/compare/process_match.h"
#include "harness/trace/run_traces.h"

namespace reprise {

// Whether rank 0 of the two holds weights of other names or shapes, and one of the two has several ranks.
bool hold_other_parts(const std::vector<ProcessPair>& ranks);
bool hold_other_parts(const RunTraces& a, const RunTraces& b);

// Of two such runs: the first step at which a step's samples, taken together, are others, or a joined weight
// is; else one of the stage "layout", which says how many weights are equal in every step, and which could
// not be joined.
Divergence joined_divergence(const std::vector<ProcessPair>& ranks, std::optional<std::int64_t> prefix);

}  // namespace reprise
