// SPDX-License-Identifier: Apache-2.0
#pragma once
// The spaces a kernel loads from and stores to, with every check: bounds, alignment, bytes never written,
// races.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fake_cuda/ptx_kernel.h"
#include "fake_cuda/ptx_race.h"

namespace reprise::fake_cuda {

// The device's memory as kernels see it. The owner throws a Fault for addresses that no allocation holds and
// for a read of bytes that were never written.
class GlobalMemory {
 public:
  virtual ~GlobalMemory() = default;
  virtual std::byte* read(std::uint64_t address, unsigned bytes) = 0;
  virtual std::byte* write(std::uint64_t address, unsigned bytes) = 0;  // marks them as written
};

// One block's memory: its own shared and local memory, and what all blocks of the launch have in common.
class BlockMemory {
 public:
  BlockMemory(const Kernel& kernel, std::size_t threads, std::size_t dynamic_shared,
              std::span<const std::byte> parameters, GlobalMemory& global, RaceWatch& global_races);

  // `place` is the thread's number in the block. `touch` may not be read_constant in any space but global.
  std::byte* touch(Space space, std::uint64_t address, unsigned bytes, Touch touch, const Actor& actor,
                   std::size_t place);

 private:
  struct Own {
    std::vector<std::byte> bytes;
    std::vector<bool> written;
    std::byte* touch(std::uint64_t offset, unsigned count, bool writes, const char* name);
  };
  std::span<const std::byte> parameters_;
  Own shared_;
  std::vector<Own> local_;  // one per thread
  GlobalMemory& global_;
  RaceWatch& global_races_;
  RaceWatch shared_races_;
};

}  // namespace reprise::fake_cuda
