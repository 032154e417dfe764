// SPDX-License-Identifier: Apache-2.0
#include "probes/streams/grid_rule.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/philox.h"

namespace reprise {
namespace {

constexpr std::uint64_t block_threads = 256;

std::uint64_t threads_of(std::uint64_t count, std::uint64_t at_once) {
  check(count > 0 && at_once > 0, "a draw has numbers, and a card draws some at once");
  return std::min(at_once, (count + block_threads - 1) / block_threads * block_threads);
}

}  // namespace

std::int64_t drawn_at_once(int processors, int threads_per_processor) {
  constexpr auto block = static_cast<int>(block_threads);
  return static_cast<std::int64_t>(block) * processors * (threads_per_processor / block);
}

DrawPlace place_of(std::uint64_t element, std::uint64_t count, std::uint64_t at_once, std::uint64_t words) {
  const std::uint64_t threads = threads_of(count, at_once), turn = element / threads;
  return {element % threads, turn / words, turn % words};
}

std::uint64_t advance_of(std::uint64_t count, std::uint64_t at_once, std::uint64_t words) {
  return ((count - 1) / (threads_of(count, at_once) * words) + 1) * 4;
}

std::optional<std::uint64_t> first_other(std::uint64_t count, std::uint64_t at_once,
                                         std::uint64_t other_at_once) {
  const std::uint64_t a = threads_of(count, at_once), b = threads_of(count, other_at_once);
  if (a == b || std::min(a, b) >= count) return std::nullopt;
  return std::min(a, b);
}

std::vector<std::int32_t> random_integers(std::uint64_t count, std::uint64_t at_once, std::uint64_t seed) {
  std::vector<std::int32_t> numbers;
  numbers.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto place = place_of(i, count, at_once);
    const auto words = philox4x32(
        {static_cast<std::uint32_t>(place.block), 0, static_cast<std::uint32_t>(place.subsequence), 0},
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    numbers.push_back(static_cast<std::int32_t>(words[place.word] & 0x7fffffff));
  }
  return numbers;
}

}  // namespace reprise
