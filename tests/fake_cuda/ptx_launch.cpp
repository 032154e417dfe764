// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/ptx_launch.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "fake_cuda/fault.h"

namespace reprise::fake_cuda {

namespace {

// Passes the block's barrier if every thread of the block stands at it.
bool pass_barrier(const Kernel& kernel, std::vector<Warp>& warps, std::uint64_t threads) {
  std::size_t place = kernel.code.size();
  std::uint64_t waiting = 0;
  for (const auto& warp : warps) {
    if (warp.live() != warp.at_barrier()) return false;
    if (warp.ended()) continue;
    const std::size_t here = warp.barrier_place();
    if (place != kernel.code.size() && here != place)
      throw Fault(kernel.name + ": threads of one block wait at different barriers, '" +
                  kernel.code[here].text + "'");
    place = here;
    waiting += static_cast<std::uint64_t>(std::popcount(warp.at_barrier()));
  }
  if (waiting == 0) return false;
  if (waiting != threads)
    throw Fault(kernel.name + ": a barrier that " + std::to_string(threads - waiting) +
                " threads of the block never reach: they have ended");
  for (auto& warp : warps) warp.pass_barrier();
  return true;
}

class Blocks {
 public:
  Blocks(const Kernel& kernel, const Launch& launch, GlobalMemory& memory)
      : kernel_(kernel), launch_(launch), memory_(memory), random_(launch.seed) {}

  std::uint64_t run() {
    std::vector<std::uint64_t> order(launch_.grid.count());
    std::iota(order.begin(), order.end(), 0);
    if (launch_.seed != 0) std::shuffle(order.begin(), order.end(), random_);
    for (const auto number : order) run_block(number);
    return instructions_;
  }

 private:
  void run_block(std::uint64_t number) {
    const std::uint64_t threads = launch_.block.count();
    BlockMemory memory(kernel_, threads, launch_.dynamic_shared, launch_.parameters, memory_, races_);
    std::vector<Warp> warps;
    for (std::uint64_t first = 0; first < threads; first += warp_size)
      warps.emplace_back(kernel_, BlockPlace{launch_.grid, launch_.block, number},
                         static_cast<unsigned>(first / warp_size),
                         static_cast<unsigned>(std::min<std::uint64_t>(warp_size, threads - first)));
    std::vector<std::size_t> order(warps.size());
    std::iota(order.begin(), order.end(), 0);
    while (!std::ranges::all_of(warps, &Warp::ended)) {
      if (launch_.seed != 0) std::shuffle(order.begin(), order.end(), random_);
      if (!round(warps, order, memory) && !pass_barrier(kernel_, warps, threads)) deadlock(warps, number);
    }
  }
  bool round(std::vector<Warp>& warps, const std::vector<std::size_t>& order, BlockMemory& memory) {
    std::uint64_t done = 0;
    for (const auto i : order) {
      const std::uint64_t most = launch_.seed == 0 ? 4096 : 1 + random_() % 256;
      done += warps[i].run(most, memory, launch_.seed == 0 ? nullptr : &random_);
    }
    instructions_ += done;
    if (instructions_ > launch_.most_instructions)
      throw Fault(kernel_.name + ": still running after " + std::to_string(launch_.most_instructions) +
                  " instructions");
    return done != 0;
  }
  [[noreturn]] void deadlock(const std::vector<Warp>& warps, std::uint64_t number) const {
    std::string where;
    for (const auto& warp : warps)
      if (where.empty()) where = warp.waiting_at();
    throw Fault(kernel_.name + ": deadlock in block " + std::to_string(number) + ", threads wait at '" +
                where + "' for threads that do not come");
  }

  const Kernel& kernel_;
  const Launch& launch_;
  GlobalMemory& memory_;
  RaceWatch races_;
  std::mt19937_64 random_;
  std::uint64_t instructions_ = 0;
};

}  // namespace

std::uint64_t run(const Kernel& kernel, const Launch& launch, GlobalMemory& memory) {
  const std::uint64_t threads = launch.block.count(), most_threads = 1ULL << 31;
  if (threads == 0 || threads > kernel.most_threads || launch.grid.count() == 0 || launch.block.z > 64 ||
      launch.grid.count() * ((threads + warp_size - 1) / warp_size * warp_size) > most_threads)
    throw Fault(kernel.name + ": a launch of " + std::to_string(launch.grid.count()) + " blocks of " +
                std::to_string(threads) + " threads");
  if (launch.parameters.size() < kernel.parameter_bytes) throw Fault(kernel.name + ": too few parameters");
  return Blocks(kernel, launch, memory).run();
}

}  // namespace reprise::fake_cuda
