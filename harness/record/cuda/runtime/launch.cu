// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime.h>

#include "harness/record/cuda/runtime/launch.h"
#include "harness/record/cuda/tree_hash.h"

namespace reprise::cuda {
namespace {

// A thread of the device as the kernels' source sees it. Every mask is the full warp.
struct Thread {
  __device__ u32 index() const { return threadIdx.x % 32; }
  __device__ u64 block() const { return blockIdx.x; }
  __device__ u64 blocks() const { return gridDim.x; }
  __device__ u64 block_warp() const { return threadIdx.x / 32; }
  __device__ u64 block_warps() const { return blockDim.x / 32; }
  __device__ u64 warp() const { return block() * block_warps() + block_warp(); }
  __device__ u64 warps() const { return blocks() * block_warps(); }
  __device__ void block_barrier() const { __syncthreads(); }
  __device__ u64 shuffle_xor(u64 value, u32 distance) const {
    return __shfl_xor_sync(0xFFFFFFFFu, static_cast<unsigned long long>(value), static_cast<int>(distance));
  }
  template <class Word>
  __device__ Word load(u64 address) const {
    return *reinterpret_cast<const Word*>(address);
  }
  // Data that are read once: first to leave the cache, so that the training keeps its own.
  __device__ Pair stream(u64 address) const {
    const ulonglong2 pair = __ldcs(reinterpret_cast<const ulonglong2*>(address));
    return {pair.x, pair.y};
  }
};

}  // namespace

// The kernels have names of their own, not those of an unnamed namespace, which change with the file's place.
// The second number of the bounds is how many blocks share a multiprocessor; without it the compiler aims at
// more, and spills.
namespace kernels {

__global__ void __launch_bounds__(leaf_threads, 2)
    leaves_by_four(const __grid_constant__ LeafWork work, const __grid_constant__ Secret secret) {
  Thread thread;
  hash_leaves<4>(thread, work, secret);
}

__global__ void __launch_bounds__(leaf_threads, 2)
    leaves_by_warp(const __grid_constant__ LeafWork work, const __grid_constant__ Secret secret) {
  Thread thread;
  hash_leaves<32>(thread, work, secret);
}

__global__ void __launch_bounds__(node_threads, 1)
    nodes_by_block(const __grid_constant__ NodeWork work, const __grid_constant__ Secret secret) {
  Thread thread;
  hash_upwards(thread, work, secret);
}

}  // namespace kernels

namespace {

template <class Work>
cudaError_t launch(const void* kernel, u64 blocks, u32 threads, const Work& work, const Secret& secret,
                   cudaStream_t stream) {
  void* arguments[] = {const_cast<Work*>(&work), const_cast<Secret*>(&secret)};
  return cudaLaunchKernel(kernel, dim3(static_cast<u32>(blocks)), dim3(threads), arguments, 0, stream);
}

}  // namespace

cudaError_t launch_leaves(const LeafWork& work, const Secret& secret, Lanes lanes, u32 blocks,
                          cudaStream_t stream) {
  const u64 per_warp = lanes == Lanes::four ? 8 : 1, per_block = leaf_threads / 32 * per_warp;
  const u64 needed = (work.table.leaves - 1) / per_block + 1;
  const void* kernel = lanes == Lanes::four ? reinterpret_cast<const void*>(kernels::leaves_by_four)
                                            : reinterpret_cast<const void*>(kernels::leaves_by_warp);
  return launch(kernel, needed < blocks ? needed : blocks, leaf_threads, work, secret, stream);
}

cudaError_t launch_nodes(const NodeWork& work, const Secret& secret, cudaStream_t stream) {
  constexpr u64 most_blocks = 0x7FFFFFFF;
  const u64 blocks = work.table.tensors < most_blocks ? work.table.tensors : most_blocks;
  return launch(reinterpret_cast<const void*>(kernels::nodes_by_block), blocks, node_threads, work, secret,
                stream);
}

}  // namespace reprise::cuda
