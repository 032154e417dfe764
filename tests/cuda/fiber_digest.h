// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests of tensors in host memory by the very source of the CUDA kernels, run on fibers.
#include <span>
#include <vector>

#include "fibers.h"
#include "harness/record/cuda/table.h"
#include "harness/tensor/digest.h"

namespace reprise::cuda {

struct FiberLaunch {
  bool warp_per_leaf = false;
  Grid leaves{2, 2}, nodes{1, 2};
  std::uint64_t seed = 1;
};

struct FiberDigests {
  std::vector<Digest> digests, leaves;  // leaves of all tensors, one after the other
};

FiberDigests fiber_digests(std::span<const reprise_cuda_tensor> tensors, const FiberLaunch& launch = {},
                           const ReadableMemory* memory = nullptr);

// The second kernel alone, over leaves that are given.
std::vector<Digest> fiber_roots(const TableContent& table, std::span<const Digest> leaves,
                                const FiberLaunch& launch);

// A tensor of harness/trace as the plugin's interface wants it; shape and strides are referred to.
reprise_cuda_tensor as_cuda_tensor(const TensorView& view, const char* dtype);

}  // namespace reprise::cuda
