// SPDX-License-Identifier: Apache-2.0
#pragma once
// Random numbers that are the same on every machine: Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011). Counter-based: a draw is a pure function of (seed, stream,
// epoch, index), so nothing depends on who drew before. All results but normal-like ones are exact integer
// arithmetic.
#include <array>
#include <cstdint>

namespace reprise {

// What a draw is for. Streams never share numbers. The values are part of the format: append, never renumber.
enum class Stream : std::uint32_t {
  order = 1,
  weights = 2,
  data = 3,
  dropout = 4,
  augmentation = 5,
  sampler = 6,
  noise = 7
};

// One block of four words. `counter` and `key` as in the paper.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// The draws of one (seed, stream, epoch). counter = {index low, index high, epoch, stream}, key = {seed low,
// seed high}.
struct Philox {
  std::uint64_t seed;
  Stream stream;
  std::uint32_t epoch;

  // Word 0 and 1 of block `index`: word 1 is the high half.
  std::uint64_t bits64(std::uint64_t index) const;
  // Word `index % 4` of block `index / 4`.
  std::uint32_t bits32(std::uint64_t index) const;
  // In [0, 1): the upper 24 bits of bits32, exact in float.
  float uniform(std::uint64_t index) const;
  // Mean 0, variance 1, within [-6, 6]: the sum of twelve 16-bit integers (Irwin-Hall) from blocks 2*index
  // and 2*index + 1, so that no function of a mathematics library decides its bits.
  float normal(std::uint64_t index) const;
};

}  // namespace reprise
