// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bytes damaged in one of many ways; the same number does the same everywhere.
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace reprise {

inline std::string damaged(std::string bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return limit == 0 ? 0 : random() % limit; };
  constexpr std::uint64_t numbers[] = {0,          1,          2,         0x7F,       0xFF,      0xFFFF,
                                       0x7FFFFFFF, 0xFFFFFFFF, INT64_MAX, UINT64_MAX, 1ull << 40};
  for (std::uint64_t times = 1 + below(4); times > 0 && !bytes.empty(); --times) {
    const std::uint64_t at = below(bytes.size());
    const std::uint64_t length = std::min<std::uint64_t>(1 + below(32), bytes.size() - at);
    switch (below(7)) {
      case 0:
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes[at] = static_cast<char>(random());
        break;
      case 3: {
        const std::uint64_t number = numbers[below(std::size(numbers))];
        bytes.replace(
            at, std::min<std::uint64_t>({1ull << below(4), bytes.size() - at}),
            std::string(reinterpret_cast<const char*>(&number), std::min<std::uint64_t>(8, bytes.size() - at))
                .substr(0, length));
        break;
      }
      case 4:
        bytes.erase(at, length);
        break;
      case 5:
        bytes.insert(below(bytes.size()), bytes.substr(at, length));
        break;
      default:
        if (below(4) == 0)
          bytes.resize(at);
        else
          std::swap(bytes[at], bytes[below(bytes.size())]);
    }
  }
  return bytes;
}

}  // namespace reprise
