// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/statistics.h"

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"

namespace reprise {

Sample sample_of(std::span<const double> values) {
  Sample sample{values.size(), 0, 0};
  if (values.empty()) return sample;
  for (const double value : values) sample.mean += value;
  sample.mean /= static_cast<double>(sample.n);
  if (sample.n < 2) return sample;
  double squares = 0;
  for (const double value : values) squares += (value - sample.mean) * (value - sample.mean);
  sample.sd = std::sqrt(squares / static_cast<double>(sample.n - 1));
  return sample;
}

namespace {

// The continued fraction of the incomplete beta function, by Lentz's method (Numerical Recipes, 6.4).
double beta_fraction(double a, double b, double x) {
  constexpr double tiny = 1e-300;
  const auto guarded = [](double value) { return std::abs(value) < tiny ? tiny : value; };
  double c = 1, d = 1 / guarded(1 - (a + b) * x / (a + 1)), result = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    result *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    result *= d * c;
    if (std::abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

// I_x(a, b).
double regularised_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x) / a;
  return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace

double t_distribution(double t, double df) {
  // Near 0 the tail's argument is nearly 1 and has lost its digits: the middle part is exact there.
  const double square = t * t;
  if (square < df) return 0.5 + std::copysign(regularised_beta(0.5, df / 2, square / (df + square)) / 2, t);
  const double tail = regularised_beta(df / 2, 0.5, df / (df + square)) / 2;
  return t > 0 ? 1 - tail : tail;
}

double t_quantile(double p, double df) {
  check(p > 0 && p < 1 && df > 0, "a quantile has 0 < p < 1 and positive degrees of freedom");
  double low = -1, high = 1;
  while (t_distribution(low, df) > p) low *= 2;
  while (t_distribution(high, df) < p) high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-13 * std::max(1.0, std::abs(high)); ++i) {
    const double middle = (low + high) / 2;
    (t_distribution(middle, df) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::size_t runs_needed(double sd, double margin) {
  const double n = std::ceil(17.1 * (sd / margin) * (sd / margin));
  return static_cast<std::size_t>(std::clamp(n, 2.0, 1e9));
}

std::optional<EquivalenceTest> equivalence_test(const Sample& ours, const Sample& reference, double margin) {
  if (ours.n < 2 || reference.n < 2 || !(margin > 0)) return std::nullopt;
  const double n1 = static_cast<double>(ours.n), n0 = static_cast<double>(reference.n);
  const double v1 = ours.sd * ours.sd / n1, v0 = reference.sd * reference.sd / n0;
  EquivalenceTest test;
  test.difference = ours.mean - reference.mean;
  test.standard_error = std::sqrt(v1 + v0);
  test.needed = runs_needed(std::max(ours.sd, reference.sd), margin);
  if (!(test.standard_error > 0)) {
    // No spread at all on either side: the difference is known exactly.
    test.interval_low = test.interval_high = test.difference;
    test.welch_p = test.difference == 0 ? 1 : 0;
    test.t_lower = std::copysign(INFINITY, test.difference + margin);
    test.t_upper = std::copysign(INFINITY, margin - test.difference);
    const double size = std::abs(test.difference);
    if (size < margin) test.result = Equivalence::equivalent;
    if (size > margin) test.result = Equivalence::different;
    return test;
  }
  test.df = (v1 + v0) * (v1 + v0) / (v1 * v1 / (n1 - 1) + v0 * v0 / (n0 - 1));
  test.t_lower = (test.difference + margin) / test.standard_error;
  test.t_upper = (margin - test.difference) / test.standard_error;
  test.welch_p = 2 * t_distribution(-std::abs(test.difference) / test.standard_error, test.df);
  const double quantile = t_quantile(0.95, test.df);
  test.interval_low = test.difference - quantile * test.standard_error;
  test.interval_high = test.difference + quantile * test.standard_error;
  if (test.t_lower >= quantile && test.t_upper >= quantile)
    test.result = Equivalence::equivalent;
  else if (test.interval_low > margin || test.interval_high < -margin)
    test.result = Equivalence::different;
  return test;
}

}  // namespace reprise
