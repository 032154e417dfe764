// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who touched which byte within one launch: two threads that touch the same byte without a barrier between
// them, one of them writing, race. Also kept: which bytes were written at all.
#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace reprise::fake_cuda {

// A thread of the launch, and how far its block and its warp are: what stands before a barrier that both
// passed is in order.
struct Actor {
  std::uint32_t thread = 0, block = 0;    // counted over the grid
  std::uint32_t barriers = 0, syncs = 0;  // of its block, of its whole warp
};

enum class Touch : std::uint8_t { read, read_constant, write, atomic };

class RaceWatch {
 public:
  // Throws a Fault that names both threads.
  void touch(std::uint64_t address, unsigned bytes, Touch touch, const Actor& actor);
  // Whether every one of the bytes was written by this launch.
  bool written(std::uint64_t address, unsigned bytes) const;

 private:
  struct Trail {
    Actor actor;
    bool any = false, atomic = false;
    bool several = false;                // threads side by side; `actor` is the last of them
    bool warps = false, blocks = false;  // they are of several warps, of several blocks
  };
  struct Cell {
    Trail written, read;
  };
  static bool in_order(const Trail& trail, const Actor& actor);
  static void extend(Trail& trail, const Actor& actor);
  static constexpr std::uint64_t page_bytes = 256;
  using Page = std::array<Cell, page_bytes>;

  Page& page_of(std::uint64_t address);
  static void touch_cell(Cell& cell, std::uint64_t address, Touch touch, const Actor& actor);

  std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
  std::uint64_t last_number_ = ~0ULL;
  Page* last_ = nullptr;
};

}  // namespace reprise::fake_cuda
