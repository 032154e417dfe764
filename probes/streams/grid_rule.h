// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which number of its generator (Philox) LibTorch gives to which element of a draw on a CUDA card. Threads
// draw in turn, in blocks of 256, as many as the card holds at once, each from a subsequence of its own (ATen
// native/cuda/DistributionTemplates.h, calc_execution_policy): so a draw of no more numbers than this is the
// same on every card, a larger one is not. Integer arithmetic alone; no card is asked.
#include <cstdint>
#include <optional>
#include <vector>

namespace reprise {

// How many numbers a card draws at once.
std::int64_t drawn_at_once(int processors, int threads_per_processor);

// Where the number of one element comes from: word `word` of block `block` of a subsequence.
struct DrawPlace {
  std::uint64_t subsequence = 0, block = 0, word = 0;
  bool operator==(const DrawPlace&) const = default;
};

// Of element `element` (from 0) in a draw of `count` numbers, each of which takes one of `words` (4; 2 of
// 64-bit numbers) that a block gives.
DrawPlace place_of(std::uint64_t element, std::uint64_t count, std::uint64_t at_once,
                   std::uint64_t words = 4);

// By how much a draw of `count` numbers moves the generator's offset.
std::uint64_t advance_of(std::uint64_t count, std::uint64_t at_once, std::uint64_t words = 4);

// The first element of a draw that two cards draw from other places; nothing if there is none.
std::optional<std::uint64_t> first_other(std::uint64_t count, std::uint64_t at_once,
                                         std::uint64_t other_at_once);

// What Tensor.random_() gives on such a card, as 32-bit integers, after the generator was seeded.
std::vector<std::int32_t> random_integers(std::uint64_t count, std::uint64_t at_once, std::uint64_t seed);

}  // namespace reprise
