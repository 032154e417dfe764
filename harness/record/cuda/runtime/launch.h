// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two kernels as functions of the host: all that is compiled by nvcc, and all that launches.
#include <cuda_runtime_api.h>

#include "harness/record/cuda/layout.h"

namespace reprise::cuda {

constexpr u32 leaf_threads = 256, node_threads = 512;

enum class Lanes { four, warp };  // to a leaf

// At most `blocks` thread blocks, fewer where there is less to do. There is at least one leaf.
cudaError_t launch_leaves(const LeafWork& work, const Secret& secret, Lanes lanes, u32 blocks,
                          cudaStream_t stream);
// After launch_leaves in the same stream.
cudaError_t launch_nodes(const NodeWork& work, const Secret& secret, cudaStream_t stream);

}  // namespace reprise::cuda
