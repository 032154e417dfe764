// SPDX-License-Identifier: Apache-2.0
#pragma once
// 32 lanes with a program counter each, as the hardware has had them since compute capability 7.0: lanes part
// at branches and come together again only where the schedule, or an instruction that names them, brings
// them.
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "fake_cuda/ptx_kernel.h"
#include "fake_cuda/ptx_memory.h"

namespace reprise::fake_cuda {

struct Dimensions {
  unsigned x = 1, y = 1, z = 1;
  std::uint64_t count() const { return std::uint64_t{x} * y * z; }
};

struct BlockPlace {
  Dimensions grid, block;
  std::uint64_t number = 0;  // of the block in the grid
};

class Warp {
 public:
  // The first `threads` of the warp's 32 lanes exist.
  Warp(const Kernel& kernel, const BlockPlace& place, unsigned number, unsigned threads);

  // Runs about `most` instructions, with lanes chosen by `random`, or together as far as they can be when it
  // is null. Tells how many instructions ran: 0 if every lane waits or has ended.
  std::uint64_t run(std::uint64_t most, BlockMemory& memory, std::mt19937_64* random);

  bool ended() const { return live_ == 0; }
  std::uint32_t live() const { return live_; }
  // Lanes at the block's barrier, and the instruction they wait at: one for all, else a Fault.
  std::uint32_t at_barrier() const { return at_barrier_; }
  std::size_t barrier_place() const;
  void pass_barrier();
  // What a waiting lane waits at, for the message about a deadlock.
  std::string waiting_at() const;

 private:
  std::uint32_t choose(std::mt19937_64* random) const;
  void step(std::uint32_t lanes, BlockMemory& memory);
  void execute(const Instruction& instruction, std::uint32_t lanes, BlockMemory& memory);
  void move(const Instruction& instruction, std::uint32_t lanes);
  void access(const Instruction& instruction, std::uint32_t lanes, BlockMemory& memory);
  void access_lane(const Instruction& instruction, unsigned lane, BlockMemory& memory);
  void atomic_lane(const Instruction& instruction, unsigned lane, BlockMemory& memory);
  bool release(std::uint32_t waiting);
  bool release_waiting();
  void together(const Instruction& instruction, std::uint32_t lanes);
  void shuffle(const Instruction& instruction, std::uint32_t lanes);
  void vote(const Instruction& instruction, std::uint32_t lanes);
  void set_row(int row, const Lanes& values, std::uint32_t lanes);
  void require(const Instruction& instruction, int row, std::uint32_t lanes) const;
  std::uint64_t special(Special special, unsigned lane) const;
  Actor actor(unsigned lane) const;
  [[noreturn]] void fault(const Instruction& instruction, unsigned lane, const std::string& what) const;

  const Kernel& kernel_;
  BlockPlace place_;
  unsigned number_;
  std::vector<Lanes> rows_;
  std::vector<std::uint32_t> defined_;  // which lanes of each row hold a value
  std::array<std::size_t, warp_size> counter_{};
  std::uint32_t live_, waiting_ = 0, at_barrier_ = 0;
  std::uint32_t barriers_ = 0, syncs_ = 0;
};

}  // namespace reprise::fake_cuda
