// SPDX-License-Identifier: Apache-2.0
#pragma once
// A thread block of a GPU on the host: each thread is a fiber with a stack of its own, and a seed decides who
// runs next. Shuffles and barriers are where fibers wait for one another, so a shuffle that not all 32 lanes
// of a warp reach together, or a barrier that part of the block never reaches, is an error with a sentence
// rather than luck.
#include <ucontext.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "harness/record/cuda/layout.h"

namespace reprise::cuda {

// The memory that a kernel may read: sorted, disjoint ranges. A read outside of them throws.
class ReadableMemory {
 public:
  void add(const void* begin, std::uint64_t bytes);
  void sort();
  void check(u64 address, u64 bytes) const;

 private:
  struct Range {
    u64 begin, end;
  };
  std::vector<Range> ranges_;
  mutable std::size_t last_ = 0;
};

struct Grid {
  u64 blocks = 1, block_warps = 1;
};

class FiberBlock;

// The Lane of the kernels' source.
class FiberLane {
 public:
  FiberLane(FiberBlock& block, u32 thread) : block_(block), thread_(thread) {}
  u32 index() const { return thread_ % 32; }
  u64 block() const;
  u64 blocks() const;
  u64 block_warp() const { return thread_ / 32; }
  u64 block_warps() const;
  u64 warp() const { return block() * block_warps() + block_warp(); }
  u64 warps() const { return blocks() * block_warps(); }
  void block_barrier();
  u64 shuffle_xor(u64 value, u32 distance);
  template <class Word>
  Word load(u64 address) const {
    Word word;
    read(&word, address, sizeof word);
    return word;
  }
  Pair stream(u64 address) const {
    Pair pair;
    read(&pair, address, sizeof pair);
    return pair;
  }

 private:
  void read(void* to, u64 address, u64 bytes) const;
  FiberBlock& block_;
  u32 thread_;
};

class FiberBlock {
 public:
  using Body = std::function<void(FiberLane&)>;
  // `memory` may be null: nothing is checked then.
  FiberBlock(Grid grid, const ReadableMemory* memory, std::uint64_t seed);
  // Runs all threads of one block to their ends.
  void run(u64 block, const Body& body);

 private:
  friend class FiberLane;
  enum class State { ready, shuffling, waiting, done };
  struct Fiber {
    ucontext_t context;
    State state = State::ready;
    u64 value = 0;
    u32 distance = 0;
  };
  static void enter(unsigned low, unsigned high, unsigned thread);
  void start_all();
  void resume(u32 thread);
  void yield(u32 thread, State state);
  bool run_warp(u64 warp);
  void exchange(u64 warp);
  void release_barrier();

  Grid grid_;
  const ReadableMemory* memory_;
  std::mt19937_64 random_;
  u64 block_ = 0;
  const Body* body_ = nullptr;
  ucontext_t scheduler_{};
  std::unique_ptr<std::byte[]> stacks_;
  std::vector<Fiber> fibers_;
  std::string trouble_;
};

// All blocks of a grid, in an order drawn from the seed.
void run_grid(Grid grid, const ReadableMemory* memory, std::uint64_t seed, const FiberBlock::Body& body);

}  // namespace reprise::cuda
