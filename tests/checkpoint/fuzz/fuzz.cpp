// SPDX-License-Identifier: Apache-2.0
// checkpoint-fuzz COUNT [FIRST] [without-hdf5]: so many damaged checkpoints (tests/checkpoint/mutation.h),
// and what came of them. A crash ends the program; the last line printed tells near which number.
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <fmt/core.h>

#include "checkpoint/mutation.h"

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const auto scratch = std::filesystem::path("/dev/shm") / fmt::format("reprise-fuzz-{}", first);
  std::filesystem::remove_all(scratch);
  reprise::Mutations mutations(REPRISE_SOURCE "/tests/checkpoint/fixtures", scratch, argc < 4);
  std::uint64_t refused = 0, slowest_seed = 0;
  double slowest = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    if (std::getenv("REPRISE_FUZZ_LOUD") != nullptr) fmt::print(stderr, "{}\n", seed);
    const auto start = Clock::now();
    if (!mutations.refusal(seed).empty()) ++refused;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (seconds > slowest) slowest = seconds, slowest_seed = seed;
    if (seed % 50'000 == 0) {
      fmt::print("at {}: {} refused, the slowest {:.3f} s ({})\n", seed, refused, slowest, slowest_seed);
      std::fflush(stdout);
    }
  }
  fmt::print("{} damaged checkpoints: {} refused, {} read, none crashed; the slowest {:.3f} s ({})\n", count,
             refused, count - refused, slowest, slowest_seed);
  std::filesystem::remove_all(scratch);
}
