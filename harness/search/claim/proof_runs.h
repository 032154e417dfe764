// SPDX-License-Identifier: Apache-2.0
#pragma once
// Segments of a run, trained again from the checkpoints that it left.
#include "harness/judge/claim/proof.h"
#include "harness/launch/launch.h"

namespace reprise {

struct RepeatedProof {
  std::vector<RepeatedSegment> segments;  // those that moved the weights furthest
  std::size_t all = 0;                    // of the run
};

// `whole`, as it was run in `folder`. Each segment is a run of its own, with the pins of the claim; one that
// does not begin in the state of its checkpoint, or fails, says so in its trouble. An Error where a
// checkpoint of the run is missing or damaged.
RepeatedProof repeat_segments(const ClaimedProof& proof, const Run& whole,
                              const std::filesystem::path& folder, const LaunchOptions& options);

}  // namespace reprise
