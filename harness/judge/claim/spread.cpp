// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/spread.h"

#include <cmath>

namespace reprise {

std::span<const Word<SpreadKind>> words_of(SpreadKind /*kind*/) {
  static constexpr Word<SpreadKind> words[] = {{SpreadKind::sd, "SD"},
                                               {SpreadKind::se, "SE"},
                                               {SpreadKind::ci95, "CI95"},
                                               {SpreadKind::range, "range"},
                                               {SpreadKind::unknown, "unknown"}};
  return words;
}

std::vector<SpreadReading> readings_of(double spread, SpreadKind kind, std::size_t n) {
  check(n >= 2, "a spread is of at least two runs");
  const double count = static_cast<double>(n);
  const SpreadReading sd{"SD", spread}, se{"SE", spread * std::sqrt(count)},
      ci95{"CI95", spread * std::sqrt(count) / t_quantile(0.975, count - 1)};
  switch (kind) {
    case SpreadKind::sd:
      return {sd};
    case SpreadKind::se:
      return {se};
    case SpreadKind::ci95:
      return {ci95};
    case SpreadKind::unknown:
      return {sd, se, ci95};
    case SpreadKind::range:
      break;
  }
  // Smallest with all other runs in the middle, largest with half of them at either end.
  const double low = static_cast<double>(n / 2), high = count - low;
  return {{"least SD", spread / std::sqrt(2 * (count - 1))},
          {"largest SD", spread * std::sqrt(low * high / (count * (count - 1)))}};
}

Interval prediction_interval(const Sample& published, std::size_t n) {
  check(published.n >= 2 && n >= 1, "a prediction is made of two published runs or more");
  const double half = t_quantile(0.975, static_cast<double>(published.n - 1)) * published.sd *
                      std::sqrt(1 / static_cast<double>(published.n) + 1 / static_cast<double>(n));
  return {published.mean - half, published.mean + half};
}

Interval prediction_interval(double published, const Sample& ours) {
  check(ours.n >= 2, "a spread of our own is of at least two runs");
  const double half = t_quantile(0.975, static_cast<double>(ours.n - 1)) * ours.sd *
                      std::sqrt(1 + 1 / static_cast<double>(ours.n));
  return {published - half, published + half};
}

}  // namespace reprise
