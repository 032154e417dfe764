// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults that the harness sows itself (plan.watch.sown), to show that a diff finds them.
#include <cstdint>
#include <vector>

#include "harness/record/state.h"

namespace reprise {

// Flips the lowest bit of the first element of the first weight that has one. An Error if there is none.
void flip_bit(const void* weight);  // of the number that lies there
void flip_bit(const State& state);

// Exchanges the first two samples that differ; one that is alone is replaced by one of the next batch. An
// Error if all are the same sample.
void swap_samples(std::vector<std::uint64_t>& batch, const std::vector<std::uint64_t>& next);

}  // namespace reprise
