// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime.h>

#include "kernels.h"

namespace {

__global__ void __launch_bounds__(256)
    read_kernel(const uint4* data, std::size_t count, std::uint64_t* sums) {
  unsigned sum = 0;
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
#pragma unroll 4
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count;
       i += stride) {
    const uint4 four = data[i];
    sum += four.x ^ four.y ^ four.z ^ four.w;
  }
  for (int lane = 16; lane > 0; lane /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, lane);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

}  // namespace

cudaError_t launch_read(const void* data, std::size_t bytes, std::uint64_t* sums, unsigned blocks,
                        cudaStream_t stream) {
  read_kernel<<<blocks, 256, 0, stream>>>(static_cast<const uint4*>(data), bytes / sizeof(uint4), sums);
  return cudaGetLastError();
}
