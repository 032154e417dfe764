// SPDX-License-Identifier: Apache-2.0
// The same samples in another order: what a loader with several workers may do.
#include <utility>

#include "harness/plan/fault.h"

namespace reprise::faults {
namespace {

// Exchanges the first two samples that differ; one that is alone is replaced by one of the next batch.
void exchange(std::vector<std::uint64_t>& batch, const std::vector<std::uint64_t>& next) {
  for (std::size_t i = 1; i < batch.size(); ++i)
    if (batch[i] != batch[0]) return std::swap(batch[0], batch[i]);
  for (const auto other : next)
    if (!batch.empty() && other != batch[0]) {
      batch[0] = other;
      return;
    }
  fail("no two samples of a batch can be exchanged: the plan trains on one sample");
}

}  // namespace

extern const Fault swap_samples{
    .summary = "two samples of a batch exchanged",
    .stage = "batch",
    .batch = exchange,
};

}  // namespace reprise::faults
