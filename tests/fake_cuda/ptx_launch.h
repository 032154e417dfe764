// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a kernel over a grid.
#include <map>
#include <string>

#include "fake_cuda/ptx_warp.h"

namespace reprise::fake_cuda {

struct Launch {
  Dimensions grid, block;
  std::size_t dynamic_shared = 0;     // bytes
  std::vector<std::byte> parameters;  // kernel.parameter_bytes
  std::uint64_t seed = 0;             // of the schedule; 0: blocks, warps and lanes in order, together
  std::uint64_t most_instructions = 50'000'000;  // of warps; a kernel that is still running then is at fault
};

// Throws a Fault for whatever is wrong with the kernel or with the launch. Tells the instructions that warps
// ran.
std::uint64_t run(const Kernel& kernel, const Launch& launch, GlobalMemory& memory);

}  // namespace reprise::fake_cuda
