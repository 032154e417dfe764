// SPDX-License-Identifier: Apache-2.0
// How a warp goes on: which lanes go next, what waits for what. What an instruction does: ptx_execute.cpp and
// ptx_together.cpp.
#include "fake_cuda/ptx_warp.h"

#include <algorithm>
#include <bit>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

Warp::Warp(const Kernel& kernel, const BlockPlace& place, unsigned number, unsigned threads)
    : kernel_(kernel),
      place_(place),
      number_(number),
      rows_(kernel.row_bits.size()),
      defined_(kernel.row_bits.size(), 0),
      live_(threads >= warp_size ? ~0U : (1U << threads) - 1) {
  for (const auto& [row, value] : kernel.constants) {
    rows_[static_cast<std::size_t>(row)].fill(value);
    defined_[static_cast<std::size_t>(row)] = ~0U;
  }
  for (const auto& [row, which] : kernel.specials) {
    for (unsigned lane = 0; lane < warp_size; ++lane)
      rows_[static_cast<std::size_t>(row)][lane] = special(which, lane);
    defined_[static_cast<std::size_t>(row)] = ~0U;
  }
}

std::uint64_t Warp::special(Special special, unsigned lane) const {
  const Dimensions &grid = place_.grid, &block = place_.block;
  const std::uint64_t thread = std::uint64_t{number_} * warp_size + lane;
  switch (special) {
    case Special::thread_x:
      return thread % block.x;
    case Special::thread_y:
      return thread / block.x % block.y;
    case Special::thread_z:
      return thread / block.x / block.y;
    case Special::threads_x:
      return block.x;
    case Special::threads_y:
      return block.y;
    case Special::threads_z:
      return block.z;
    case Special::block_x:
      return place_.number % grid.x;
    case Special::block_y:
      return place_.number / grid.x % grid.y;
    case Special::block_z:
      return place_.number / grid.x / grid.y;
    case Special::blocks_x:
      return grid.x;
    case Special::blocks_y:
      return grid.y;
    case Special::blocks_z:
      return grid.z;
    case Special::lane:
      return lane;
    case Special::warp:
      return number_;
  }
  return 0;
}

Actor Warp::actor(unsigned lane) const {
  const std::uint64_t warps = (place_.block.count() + warp_size - 1) / warp_size;
  const std::uint64_t thread = (place_.number * warps + number_) * warp_size + lane;
  return {static_cast<std::uint32_t>(thread), static_cast<std::uint32_t>(place_.number), barriers_, syncs_};
}

void Warp::fault(const Instruction& instruction, unsigned lane, const std::string& what) const {
  throw Fault(kernel_.name + ": " + what + ", at '" + instruction.text + "', block " +
              std::to_string(place_.number) + ", thread " + std::to_string(number_ * warp_size + lane));
}

// Lanes at one instruction: those furthest behind, so that lanes that parted meet again; with a random source
// often others, and often only some of those that stand there.
std::uint32_t Warp::choose(std::mt19937_64* random) const {
  const std::uint32_t free = live_ & ~waiting_ & ~at_barrier_;
  if (free == 0) return 0;
  const std::uint64_t draw = random == nullptr ? 0 : (*random)();
  std::size_t at = kernel_.code.size();
  if (random != nullptr && draw % 4 == 0) {
    unsigned lane = draw >> 8 & 31;
    while (!(free >> lane & 1)) lane = (lane + 1) % warp_size;
    at = counter_[lane];
  } else {
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if (free >> lane & 1) at = std::min(at, counter_[lane]);
  }
  std::uint32_t chosen = 0;
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if ((free >> lane & 1) && counter_[lane] == at) chosen |= 1U << lane;
  if (random != nullptr && (draw >> 16 & 7) == 0) {
    const std::uint32_t part = chosen & static_cast<std::uint32_t>(draw >> 32);
    if (part != 0) return part;
  }
  return chosen;
}

std::uint64_t Warp::run(std::uint64_t most, BlockMemory& memory, std::mt19937_64* random) {
  std::uint64_t done = 0;
  while (done < most) {
    const std::uint32_t chosen = choose(random);
    if (chosen == 0) {
      if (waiting_ != 0 && release_waiting()) {
        ++done;
        continue;
      }
      return done;
    }
    // Lanes that all stand together have nobody to wait for; others look about them after a few steps.
    const bool all = chosen == live_;
    const std::uint64_t stretch = all ? 64 : random == nullptr ? 1 : 1 + (*random)() % 8;
    for (std::uint64_t i = 0; i < stretch; ++i) {
      const auto first = static_cast<unsigned>(std::countr_zero(chosen));
      const std::size_t before = counter_[first];
      step(chosen, memory);
      ++done;
      const bool same = (chosen & live_ & ~waiting_ & ~at_barrier_) == chosen &&
                        std::all_of(counter_.begin(), counter_.end(), [&](const std::size_t& counter) {
                          const auto lane = static_cast<unsigned>(&counter - counter_.data());
                          return !(chosen >> lane & 1) || counter == counter_[first];
                        });
      // Alone, a jump back may pass lanes that are waited for.
      if (!same || (!all && counter_[first] <= before)) break;
    }
  }
  return done;
}

void Warp::step(std::uint32_t lanes, BlockMemory& memory) {
  const std::size_t at = counter_[static_cast<unsigned>(std::countr_zero(lanes))];
  if (at >= kernel_.code.size()) throw Fault(kernel_.name + ": the code ends without ret");
  const Instruction& instruction = kernel_.code[at];
  std::uint32_t acting = lanes;
  if (instruction.guard != sink) {
    require(instruction, instruction.guard, lanes);
    const Lanes& guard = rows_[static_cast<std::size_t>(instruction.guard)];
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if ((guard[lane] != 0) == instruction.guard_negated) acting &= ~(1U << lane);
  }
  const auto go_to = [&](std::uint32_t who, std::size_t where) {
    for (unsigned lane = 0; lane < warp_size; ++lane)
      if (who >> lane & 1) counter_[lane] = where;
  };
  switch (instruction.kind) {
    case Kind::branch:
      go_to(lanes & ~acting, at + 1);
      go_to(acting, instruction.target);
      return;
    case Kind::end:
      go_to(lanes & ~acting, at + 1);
      live_ &= ~acting;
      return;
    case Kind::barrier:
      go_to(lanes & ~acting, at + 1);
      at_barrier_ |= acting;
      return;
    case Kind::shuffle:
    case Kind::vote:
    case Kind::warp_sync:
      go_to(lanes & ~acting, at + 1);
      waiting_ |= acting;
      if (acting != 0) release(acting);
      return;
    default:
      if (acting != 0) execute(instruction, acting, memory);
      go_to(lanes, at + 1);
  }
}

std::size_t Warp::barrier_place() const {
  std::size_t place = kernel_.code.size();
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (!(at_barrier_ >> lane & 1)) continue;
    if (place != kernel_.code.size() && counter_[lane] != place)
      fault(kernel_.code[place], lane, "threads of one warp wait at different barriers");
    place = counter_[lane];
  }
  return place;
}

void Warp::pass_barrier() {
  for (unsigned lane = 0; lane < warp_size; ++lane)
    if (at_barrier_ >> lane & 1) ++counter_[lane];
  at_barrier_ = 0;
  ++barriers_;
}

std::string Warp::waiting_at() const {
  const std::uint32_t who = waiting_ != 0 ? waiting_ : at_barrier_;
  return who == 0 ? "" : kernel_.code[counter_[static_cast<unsigned>(std::countr_zero(who))]].text;
}

}  // namespace reprise::fake_cuda
