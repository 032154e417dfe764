// SPDX-License-Identifier: Apache-2.0
#pragma once
// Test bytes, and random numbers that are the same in every run.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/base/philox.h"
#include "harness/tensor/digest.h"

namespace reprise {

// The pattern() of the digest's reference: the low byte of a 64-bit LCG (Knuth's MMIX constants) shifted
// right by 33.
inline std::vector<std::byte> pattern(std::size_t bytes, std::uint64_t seed = 0) {
  std::vector<std::byte> out(bytes);
  for (std::byte& byte : out) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::byte>(seed >> 33);
  }
  return out;
}

// Whole numbers from a fixed seed.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : philox_{seed, Stream::noise, 0} {}
  // In [0, below).
  std::uint64_t below(std::uint64_t limit) { return philox_.bits64(index_++) % limit; }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first + 1)));
  }

 private:
  Philox philox_;
  std::uint64_t index_ = 0;
};

}  // namespace reprise
