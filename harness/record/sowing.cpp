// SPDX-License-Identifier: Apache-2.0
#include "harness/record/sowing.h"

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "harness/base/error.h"

namespace reprise {

void flip_bit(const void* weight) {
  // Little-endian: the first byte has the lowest bit of the mantissa.
  *static_cast<unsigned char*>(const_cast<void*>(weight)) ^= 1U;
}

void flip_bit(const State& state) {
  for (const auto& weight : state.weights) {
    if (!weight.tensor.defined() || weight.tensor.numel() == 0) continue;
    return flip_bit(weight.tensor.const_data_ptr());
  }
  fail("no bit of a weight can be flipped: the recipe's state has no weight");
}

void swap_samples(std::vector<std::uint64_t>& batch, const std::vector<std::uint64_t>& next) {
  for (std::size_t i = 1; i < batch.size(); ++i)
    if (batch[i] != batch[0]) {
      std::swap(batch[0], batch[i]);
      return;
    }
  for (const auto other : next)
    if (!batch.empty() && other != batch[0]) {
      batch[0] = other;
      return;
    }
  fail("no two samples of a batch can be exchanged: the plan trains on one sample");
}

}  // namespace reprise
