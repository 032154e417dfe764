// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/pairing.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numeric>

#include "harness/base/error.h"
#include "harness/base/philox.h"

namespace reprise {

McNemar mcnemar(std::size_t b, std::size_t c) {
  if (b + c == 0) return {};
  const double apart = b > c ? static_cast<double>(b - c) : static_cast<double>(c - b);
  const double less = std::max(0.0, apart - 1);
  const double chi_squared = less * less / static_cast<double>(b + c);
  return {chi_squared, boost::math::cdf(boost::math::complement(boost::math::chi_squared(1), chi_squared))};
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p_values[order[rank]] * static_cast<double>(order.size() - rank));
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

namespace {

double resampled_mean(std::span<const double> values, const Philox& draws, std::uint64_t& next) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[draws.bits64(next++) % values.size()];
  return sum / static_cast<double>(values.size());
}

}  // namespace

Interval bootstrap_interval(std::span<const double> ours, std::span<const double> theirs, double level,
                            std::uint64_t seed) {
  if (ours.empty() || theirs.empty()) fail("wanted a value on both sides to resample, found none");
  const Philox draws{seed, Stream::noise, 0};
  std::uint64_t next = 0;
  std::vector<double> differences;
  for (std::size_t i = 0; i < bootstrap_draws; ++i) {
    const double mine = resampled_mean(ours, draws, next);
    differences.push_back(mine - resampled_mean(theirs, draws, next));
  }
  std::ranges::sort(differences);
  const auto at = [&](double share) {
    return differences[static_cast<std::size_t>(share * static_cast<double>(bootstrap_draws - 1) + 0.5)];
  };
  return {at((1 - level) / 2), at((1 + level) / 2)};
}

}  // namespace reprise
