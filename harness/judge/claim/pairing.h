// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is more exact than two means: pairs of predictions on the same examples (McNemar), several claims at
// once (Holm), and a bootstrap over seeds, whose draws are the same on every machine.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/judge/claim/spread.h"

namespace reprise {

struct McNemar {
  double chi_squared = 0, p = 1;
};
// b and c: examples that one model alone has right. With none there is nothing to tell: p = 1.
McNemar mcnemar(std::size_t b, std::size_t c);

// Adjusted p-values, in the order given; at most 1, and never out of order.
std::vector<double> holm(std::span<const double> p_values);

inline constexpr std::size_t bootstrap_draws = 10'000;
// The percentile interval of the difference of the means, resampling seeds, which are the unit of
// replication. `theirs`: one value is taken as it stands. With few runs it is too narrow: prefer t. An Error
// for no value.
Interval bootstrap_interval(std::span<const double> ours, std::span<const double> theirs, double level = 0.9,
                            std::uint64_t seed = 0);

}  // namespace reprise
