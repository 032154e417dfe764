// SPDX-License-Identifier: Apache-2.0
#include "harness/base/philox.h"

namespace reprise {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    const auto high = [](std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32); };
    const auto low = [](std::uint64_t product) { return static_cast<std::uint32_t>(product); };
    counter = {high(b) ^ counter[1] ^ key[0], low(b), high(a) ^ counter[3] ^ key[1], low(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

namespace {

std::array<std::uint32_t, 4> block(const Philox& p, std::uint64_t index) {
  return philox4x32({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), p.epoch,
                     static_cast<std::uint32_t>(p.stream)},
                    {static_cast<std::uint32_t>(p.seed), static_cast<std::uint32_t>(p.seed >> 32)});
}

}  // namespace

std::uint64_t Philox::bits64(std::uint64_t index) const {
  const auto words = block(*this, index);
  return std::uint64_t{words[1]} << 32 | words[0];
}

std::uint32_t Philox::bits32(std::uint64_t index) const { return block(*this, index / 4)[index % 4]; }

float Philox::uniform(std::uint64_t index) const { return static_cast<float>(bits32(index) >> 8) * 0x1p-24F; }

// Multiples of 2^-16, so float32 adds hundreds of them without rounding, in any order: where the order of
// sums has to show they are multiplied by something of 24 bits (a deviation; probes/drawing.h), or uniform().
float Philox::normal(std::uint64_t index) const {
  const auto first = block(*this, 2 * index), second = block(*this, 2 * index + 1);
  std::int64_t sum = 0;
  for (const auto word : first) sum += (word & 0xFFFF) + (word >> 16);
  for (const auto word : {second[0], second[1]}) sum += (word & 0xFFFF) + (word >> 16);
  return static_cast<float>(sum - 6 * 65535) * 0x1p-16F;
}

}  // namespace reprise
