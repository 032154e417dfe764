// SPDX-License-Identifier: Apache-2.0
#include "fibers.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <stdexcept>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace reprise::cuda {
namespace {

constexpr std::size_t stack_bytes = 64 * 1024;

// AddressSanitizer has to be told of every change of stacks, and that a stack is used anew.
#if defined(__SANITIZE_ADDRESS__)
const void* scheduler_stack = nullptr;
std::size_t scheduler_stack_bytes = 0;
void leave_for(void** kept, const void* stack, std::size_t bytes) {
  __sanitizer_start_switch_fiber(kept, stack, bytes);
}
void leave_for_scheduler(void** kept) { leave_for(kept, scheduler_stack, scheduler_stack_bytes); }
void arrive(void* kept) { __sanitizer_finish_switch_fiber(kept, nullptr, nullptr); }
void arrive_from_scheduler(void* kept) {
  __sanitizer_finish_switch_fiber(kept, &scheduler_stack, &scheduler_stack_bytes);
}
void forget_stack(const void* stack, std::size_t bytes) { ASAN_UNPOISON_MEMORY_REGION(stack, bytes); }
#else
void leave_for(void**, const void*, std::size_t) {}
void leave_for_scheduler(void**) {}
void arrive(void*) {}
void arrive_from_scheduler(void*) {}
void forget_stack(const void*, std::size_t) {}
#endif

std::string at(u64 block, u64 warp) {
  return " (block " + std::to_string(block) + ", warp " + std::to_string(warp) + ")";
}

}  // namespace

void ReadableMemory::add(const void* begin, std::uint64_t bytes) {
  const u64 first = reinterpret_cast<u64>(begin);
  if (bytes > 0) ranges_.push_back({first, first + bytes});
}

void ReadableMemory::sort() {
  std::ranges::sort(ranges_, {}, &Range::begin);
  std::vector<Range> joined;
  for (const Range& range : ranges_)
    if (!joined.empty() && range.begin <= joined.back().end)
      joined.back().end = std::max(joined.back().end, range.end);
    else
      joined.push_back(range);
  ranges_ = std::move(joined);
  last_ = 0;
}

void ReadableMemory::check(u64 address, u64 bytes) const {
  const auto holds = [&](const Range& range) {
    return address >= range.begin && address + bytes <= range.end;
  };
  if (last_ < ranges_.size() && holds(ranges_[last_])) return;
  const auto after = std::ranges::upper_bound(ranges_, address, {}, &Range::begin);
  if (after == ranges_.begin() || !holds(*(after - 1)))
    throw std::runtime_error("a read outside of every tensor");
  last_ = static_cast<std::size_t>(after - 1 - ranges_.begin());
}

u64 FiberLane::block() const { return block_.block_; }
u64 FiberLane::blocks() const { return block_.grid_.blocks; }
u64 FiberLane::block_warps() const { return block_.grid_.block_warps; }

void FiberLane::block_barrier() { block_.yield(thread_, FiberBlock::State::waiting); }

u64 FiberLane::shuffle_xor(u64 value, u32 distance) {
  auto& fiber = block_.fibers_[thread_];
  fiber.value = value;
  fiber.distance = distance;
  block_.yield(thread_, FiberBlock::State::shuffling);
  return fiber.value;
}

void FiberLane::read(void* to, u64 address, u64 bytes) const {
  if (address % bytes != 0)
    throw std::runtime_error("a read of " + std::to_string(bytes) + " bytes, misaligned");
  if (block_.memory_ != nullptr) block_.memory_->check(address, bytes);
  std::memcpy(to, reinterpret_cast<const void*>(address), bytes);
}

FiberBlock::FiberBlock(Grid grid, const ReadableMemory* memory, std::uint64_t seed)
    : grid_(grid),
      memory_(memory),
      random_(seed),
      stacks_(new std::byte[grid.block_warps * 32 * stack_bytes]),
      fibers_(grid.block_warps * 32) {}

void FiberBlock::enter(unsigned low, unsigned high, unsigned thread) {
  auto& block = *reinterpret_cast<FiberBlock*>(static_cast<u64>(high) << 32 | low);
  arrive_from_scheduler(nullptr);
  FiberLane lane(block, thread);
  try {
    (*block.body_)(lane);
  } catch (const std::exception& error) {  // must not leave the fiber's stack
    if (block.trouble_.empty()) block.trouble_ = error.what() + at(block.block_, thread / 32);
  }
  block.yield(thread, State::done);
}

void FiberBlock::start_all() {
  const u64 self = reinterpret_cast<u64>(this);
  forget_stack(stacks_.get(), fibers_.size() * stack_bytes);
  for (u32 thread = 0; thread < fibers_.size(); ++thread) {
    Fiber& fiber = fibers_[thread];
    ::getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = stacks_.get() + thread * stack_bytes;
    fiber.context.uc_stack.ss_size = stack_bytes;
    fiber.context.uc_link = nullptr;
    ::makecontext(&fiber.context, reinterpret_cast<void (*)()>(enter), 3, static_cast<unsigned>(self),
                  static_cast<unsigned>(self >> 32), thread);
    fiber.state = State::ready;
  }
}

void FiberBlock::resume(u32 thread) {
  void* kept = nullptr;
  leave_for(&kept, fibers_[thread].context.uc_stack.ss_sp, stack_bytes);
  ::swapcontext(&scheduler_, &fibers_[thread].context);
  arrive(kept);
}

void FiberBlock::yield(u32 thread, State state) {
  fibers_[thread].state = state;
  void* kept = nullptr;
  leave_for_scheduler(state == State::done ? nullptr : &kept);
  ::swapcontext(&fibers_[thread].context, &scheduler_);
  arrive_from_scheduler(kept);
}

// Lanes in an order of the seed's; whether any could run.
bool FiberBlock::run_warp(u64 warp) {
  u32 order[32];
  std::iota(order, order + 32, static_cast<u32>(warp * 32));
  std::shuffle(order, order + 32, random_);
  bool ran = false;
  for (const u32 thread : order)
    if (fibers_[thread].state == State::ready && trouble_.empty()) {
      resume(thread);
      ran = true;
    }
  exchange(warp);
  return ran;
}

// Once no lane of the warp can run: if one waits in a shuffle, all must, in the same one.
void FiberBlock::exchange(u64 warp) {
  const std::span lanes = std::span(fibers_).subspan(warp * 32, 32);
  const auto shuffling = [](const Fiber& fiber) { return fiber.state == State::shuffling; };
  if (!trouble_.empty() || std::ranges::none_of(lanes, shuffling)) return;
  const u32 distance = lanes[0].distance;
  if (!std::ranges::all_of(lanes, shuffling))
    trouble_ = "a shuffle that not all lanes reach" + at(block_, warp);
  else if (!std::ranges::all_of(lanes, [&](const Fiber& fiber) { return fiber.distance == distance; }))
    trouble_ = "lanes of a warp in different shuffles" + at(block_, warp);
  u64 values[32];
  for (u32 lane = 0; lane < 32; ++lane) values[lane] = lanes[lane].value;
  for (u32 lane = 0; lane < 32; ++lane) {
    lanes[lane].value = values[lane ^ distance];
    lanes[lane].state = State::ready;
  }
}

void FiberBlock::release_barrier() {
  const auto waiting = [](const Fiber& fiber) { return fiber.state == State::waiting; };
  if (!std::ranges::all_of(fibers_, waiting))
    trouble_ = "a barrier that not all threads reach" + at(block_, 0);
  for (Fiber& fiber : fibers_) fiber.state = State::ready;
}

void FiberBlock::run(u64 block, const Body& body) {
  block_ = block;
  body_ = &body;
  start_all();
  std::vector<u64> warps(grid_.block_warps);
  std::iota(warps.begin(), warps.end(), 0);
  const auto done = [](const Fiber& fiber) { return fiber.state == State::done; };
  while (trouble_.empty() && !std::ranges::all_of(fibers_, done)) {
    std::shuffle(warps.begin(), warps.end(), random_);
    bool ran = false;
    // Some warps wait their turn longer than others: one may be many steps ahead.
    for (const u64 warp : warps)
      if (random_() % 4 != 0 || warps.size() == 1) ran |= run_warp(warp);
    if (ran || !trouble_.empty()) continue;
    for (const u64 warp : warps) ran |= run_warp(warp);
    if (!ran && trouble_.empty()) release_barrier();
  }
  if (!trouble_.empty()) throw std::runtime_error(trouble_);
}

void run_grid(Grid grid, const ReadableMemory* memory, std::uint64_t seed, const FiberBlock::Body& body) {
  std::mt19937_64 random(seed);
  std::vector<u64> order(grid.blocks);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  FiberBlock block(grid, memory, seed + 1);
  for (const u64 number : order) block.run(number, body);
}

}  // namespace reprise::cuda
