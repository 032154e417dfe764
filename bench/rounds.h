// SPDX-License-Identifier: Apache-2.0
#pragma once
// Several ways to do one thing, timed in turn: eleven rounds, in each of which every way has one go, so that
// a change of the machine's mood meets all of them. What is reported is the median of each way, and of its
// ratio to the first way in the same round.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace reprise {

struct Way {
  std::string name;
  std::function<void()> go;
};

inline double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

inline double seconds_of(const std::function<void()>& go) {
  const auto begin = std::chrono::steady_clock::now();
  go();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// `unit_count` units (bytes, steps) per go; `unit` names them.
inline void compare(const std::string& title, double unit_count, const std::string& unit,
                    const std::vector<Way>& ways) {
  constexpr int rounds = 11;
  std::vector<std::vector<double>> seconds(ways.size()), ratios(ways.size());
  for (const Way& way : ways) way.go();  // warm
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < ways.size(); ++i) {
      seconds[i].push_back(seconds_of(ways[i].go));
      ratios[i].push_back(seconds[i].back() / seconds[0].back());
    }
  fmt::print("{}\n", title);
  for (std::size_t i = 0; i < ways.size(); ++i)
    fmt::print("  {:<44} {:>9.3f} ns/{}   time / {}: {:.3f}\n", ways[i].name,
               1e9 * median(seconds[i]) / unit_count, unit, ways[0].name, median(ratios[i]));
}

}  // namespace reprise
