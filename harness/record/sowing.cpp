// SPDX-License-Identifier: Apache-2.0
#include "harness/record/sowing.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "harness/base/error.h"

namespace reprise {

void flip_bit(const void* weight) {
  // Little-endian: the first byte has the lowest bit of the mantissa.
  *static_cast<unsigned char*>(const_cast<void*>(weight)) ^= 1U;
}

namespace {

// The memory of a device is not the host's to write: its first element goes over and back.
void flip_on_device(const at::Tensor& weight) {
  const at::NoGradGuard no_gradients;
  at::Tensor first = weight.detach().as_strided({1}, {1});
  const at::Tensor here = first.to(at::kCPU);
  flip_bit(here.const_data_ptr());
  first.copy_(here);
}

}  // namespace

void flip_bit(const State& state) {
  for (const auto& weight : state.weights) {
    if (!weight.tensor.defined() || weight.tensor.numel() == 0) continue;
    if (weight.tensor.device().is_cpu()) return flip_bit(weight.tensor.const_data_ptr());
    return flip_on_device(weight.tensor);
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
