// SPDX-License-Identifier: Apache-2.0
// The fibers themselves: they compute what a GPU would, and they catch what a GPU would leave to luck.
#include "fibers.h"

#include <catch2/catch.hpp>

namespace reprise::cuda {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("a butterfly of shuffles gives every lane the sum of its warp, whatever the order of lanes") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<u64> sums(2 * 3 * 32);
    run_grid({2, 3}, nullptr, seed, [&](FiberLane& lane) {
      u64 value = lane.warp() * 100 + lane.index();
      for (u32 distance = 1; distance < 32; distance *= 2) value += lane.shuffle_xor(value, distance);
      sums[lane.warp() * 32 + lane.index()] = value;
    });
    for (std::size_t i = 0; i < sums.size(); ++i) CHECK(sums[i] == i / 32 * 3200 + 496);
  }
}

TEST_CASE(
    "after a barrier each thread sees what every thread wrote before it, and without one some seed shows "
    "it") {
  const auto wrong = [](bool barrier, std::uint64_t seed) {
    std::vector<int> written(128), seen(128);
    run_grid({1, 4}, nullptr, seed, [&](FiberLane& lane) {
      const auto thread = lane.block_warp() * 32 + lane.index();
      written[thread] = 1;
      if (barrier) lane.block_barrier();
      seen[thread] = written[127 - thread];
    });
    return std::count(seen.begin(), seen.end(), 0);
  };
  int caught = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(wrong(true, seed) == 0);
    caught += wrong(false, seed) > 0;
  }
  CHECK(caught == 20);
}

TEST_CASE("a shuffle that a lane does not reach is an error") {
  CHECK_THROWS_WITH(run_grid({1, 1}, nullptr, 1,
                             [](FiberLane& lane) {
                               if (lane.index() != 7) lane.shuffle_xor(0, 1);
                             }),
                    Contains("not all lanes reach"));
  CHECK_THROWS_WITH(run_grid({1, 2}, nullptr, 1,
                             [](FiberLane& lane) {
                               if (lane.index() < 16)
                                 lane.shuffle_xor(0, 1);
                               else
                                 lane.block_barrier();
                             }),
                    Contains("not all lanes reach"));
}

TEST_CASE("lanes of one warp in two shuffles are an error") {
  CHECK_THROWS_WITH(
      run_grid({1, 1}, nullptr, 1, [](FiberLane& lane) { lane.shuffle_xor(0, lane.index() < 16 ? 1 : 2); }),
      Contains("different shuffles"));
}

TEST_CASE("a barrier that a warp does not reach is an error") {
  CHECK_THROWS_WITH(run_grid({1, 3}, nullptr, 1,
                             [](FiberLane& lane) {
                               if (lane.block_warp() != 1) lane.block_barrier();
                             }),
                    Contains("not all threads reach"));
}

TEST_CASE("a read outside of the memory that was named, or off its alignment, is an error") {
  alignas(16) static const std::byte bytes[64] = {};
  const u64 at = reinterpret_cast<u64>(bytes);
  ReadableMemory memory;
  memory.add(bytes, 24);
  memory.add(bytes + 40, 8);
  memory.sort();
  const auto read = [&](u64 offset, bool wide) {
    run_grid({1, 1}, &memory, 1, [&](FiberLane& lane) {
      wide ? (void)lane.stream(at + offset) : (void)lane.load<u32>(at + offset);
    });
  };
  CHECK_NOTHROW(read(20, false));
  CHECK_NOTHROW(read(44, false));
  CHECK_NOTHROW(read(0, true));
  CHECK_THROWS_WITH(read(24, false), Contains("outside"));
  CHECK_THROWS_WITH(read(16, true), Contains("outside"));
  CHECK_THROWS_WITH(read(48, false), Contains("outside"));
  CHECK_THROWS_WITH(read(2, false), Contains("misaligned"));
  CHECK_THROWS_WITH(read(8, true), Contains("misaligned"));
}

}  // namespace
}  // namespace reprise::cuda
