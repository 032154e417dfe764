// SPDX-License-Identifier: Apache-2.0
#pragma once
// "91.2 +/- 0.3 over 5 seeds" means three things: the 0.3 may be a standard deviation, a standard error or
// half a 95 % interval. Where a paper does not say which, each reading is judged and a verdict given only
// where all agree.
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise {

enum class SpreadKind { sd, se, ci95, range, unknown };
std::span<const Word<SpreadKind>> words_of(SpreadKind kind);

struct SpreadReading {
  std::string name;  // "SD", "SE", "CI95", "least SD", "largest SD"
  double sd = 0;     // of single runs
};

// What `spread` over n >= 2 runs says of the standard deviation of a single run. A range, largest less
// smallest, leaves the deviation open between two bounds that hold for any n numbers: both are readings.
std::vector<SpreadReading> readings_of(double spread, SpreadKind kind, std::size_t n);

// Where the mean of `n` runs of ours is expected with 95 % if the published runs and ours are alike.
struct Interval {
  double low = 0, high = 0;
  bool holds(double value) const { return low <= value && value <= high; }
};
Interval prediction_interval(const Sample& published, std::size_t n);
// The same for one published number without a spread: the spread is that of our runs (n >= 2).
Interval prediction_interval(double published, const Sample& ours);

}  // namespace reprise
