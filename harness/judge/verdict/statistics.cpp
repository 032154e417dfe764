// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
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

double t_distribution(double t, double df) { return boost::math::cdf(boost::math::students_t(df), t); }

double t_quantile(double p, double df) {
  check(p > 0 && p < 1 && df > 0, "a quantile has 0 < p < 1 and positive degrees of freedom");
  return boost::math::quantile(boost::math::students_t(df), p);
}

std::size_t runs_needed(double sd, double margin) {
  const double n = std::ceil(17.1 * (sd / margin) * (sd / margin));
  return static_cast<std::size_t>(std::clamp(n, 2.0, 1e9));
}

namespace {

// No spread at all on either side: the difference is known exactly.
EquivalenceTest exact_test(double difference, double margin) {
  EquivalenceTest test;
  test.difference = test.interval_low = test.interval_high = difference;
  test.welch_p = difference == 0 ? 1 : 0;
  test.t_lower = std::copysign(INFINITY, difference + margin);
  test.t_upper = std::copysign(INFINITY, margin - difference);
  test.p_lower = test.t_lower > 0 ? 0 : 1;
  test.p_upper = test.t_upper > 0 ? 0 : 1;
  const double size = std::abs(difference);
  if (size < margin) test.result = Equivalence::equivalent;
  if (size > margin) test.result = Equivalence::different;
  return test;
}

}  // namespace

EquivalenceTest equivalence_of(double difference, double standard_error, double df, double margin) {
  if (!(standard_error > 0)) return exact_test(difference, margin);
  EquivalenceTest test;
  test.difference = difference;
  test.standard_error = standard_error;
  test.df = df;
  test.t_lower = (difference + margin) / standard_error;
  test.t_upper = (margin - difference) / standard_error;
  test.p_lower = t_distribution(-test.t_lower, df);
  test.p_upper = t_distribution(-test.t_upper, df);
  test.welch_p = 2 * t_distribution(-std::abs(difference) / standard_error, df);
  const double quantile = t_quantile(0.95, df);
  test.interval_low = difference - quantile * standard_error;
  test.interval_high = difference + quantile * standard_error;
  if (test.t_lower >= quantile && test.t_upper >= quantile)
    test.result = Equivalence::equivalent;
  else if (test.interval_low > margin || test.interval_high < -margin)
    test.result = Equivalence::different;
  return test;
}

double welch_df(const Sample& a, const Sample& b) {
  const double n1 = static_cast<double>(a.n), n0 = static_cast<double>(b.n);
  const double v1 = a.sd * a.sd / n1, v0 = b.sd * b.sd / n0;
  // By shares of the variance, as squares of small variances would be 0.
  const double share1 = v1 / (v1 + v0), share0 = v0 / (v1 + v0);
  return 1 / (share1 * share1 / (n1 - 1) + share0 * share0 / (n0 - 1));
}

std::optional<EquivalenceTest> equivalence_test(const Sample& ours, const Sample& reference, double margin) {
  if (ours.n < 2 || reference.n < 2 || !(margin > 0)) return std::nullopt;
  const double v1 = ours.sd * ours.sd / static_cast<double>(ours.n);
  const double v0 = reference.sd * reference.sd / static_cast<double>(reference.n);
  const double df = v1 + v0 > 0 ? welch_df(ours, reference) : 1;
  EquivalenceTest test = equivalence_of(ours.mean - reference.mean, std::sqrt(v1 + v0), df, margin);
  test.needed = runs_needed(std::max(ours.sd, reference.sd), margin);
  return test;
}

}  // namespace reprise
