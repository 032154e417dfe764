// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the digest is held against: a kernel that reads memory and does next to nothing with it.
#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

// Queues a read of `bytes` (a multiple of 16) at `data` by `blocks` blocks of 256 threads, 16 bytes at a
// time; one word per block goes to `sums`, so that nothing is left out.
cudaError_t launch_read(const void* data, std::size_t bytes, std::uint64_t* sums, unsigned blocks,
                        cudaStream_t stream);
