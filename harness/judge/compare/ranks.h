// SPDX-License-Identifier: Apache-2.0
#pragma once
// Ranks that train one model together must hold equal weights after every step: what they do with their
// gradients is one sum. The first step and tensor that says otherwise.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/run_traces.h"

namespace reprise {

// Where a rank first holds other weights than rank 0.
struct RankParts {
  std::string rank;       // "1"
  std::int64_t step = 0;  // 0: before training
  std::string tensor;     // the first of those that differ
  std::size_t differing = 0;
  // Of a script, what its ranks did together in that step, where that tells something: "in step 3 no rank
  // began a collective call"; else "".
  std::string calls = {};
};

struct RanksHeld {
  std::size_t ranks = 0;
  std::size_t tensors = 0;            // trained ones, those that have a gradient: compared
  std::int64_t steps = 0;             // that all ranks made: compared
  std::int64_t longest = 0;           // of the rank that made most
  std::optional<RankParts> parts;     // the earliest
  std::vector<std::string> buffers;   // not trained, and not equal in some step: running statistics, say
  std::string untested;               // why their weights cannot be compared; "" where they were
  std::vector<std::int64_t> samples;  // of each rank's batch, as first seen; empty where none was seen
  bool hold() const { return untested.empty() && !parts; }
};

// Nothing for a run of fewer than two ranks.
std::optional<RanksHeld> ranks_held(const RunTraces& run);

// "2 ranks hold equal weights after each of 6 steps (4 trained tensors); 8 + 8 samples a step".
std::string sentence_of(const RanksHeld& held);

}  // namespace reprise
