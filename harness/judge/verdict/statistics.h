// SPDX-License-Identifier: Apache-2.0
#pragma once
// Few runs, honest words: Welch's test and the two one-sided tests (TOST) for equivalence within a margin
// fixed before the runs. Student's t, with fractional degrees of freedom, is that of Boost.Math.
#include <cstdint>
#include <optional>
#include <span>

namespace reprise {

struct Sample {
  std::size_t n = 0;
  double mean = 0, sd = 0;  // sd with n - 1 below; 0 for n < 2
};
Sample sample_of(std::span<const double> values);

double t_distribution(double t, double df);  // P(T <= t)
double t_quantile(double p, double df);      // 0 < p < 1

// Runs a side for 80 % power of the equivalence test at a true difference of 0: 17.1 (sd/margin)^2, rounded
// up, at least 2. `margin` is positive.
std::size_t runs_needed(double sd, double margin);

// equivalent: the 90 % interval of the difference lies within the margin (TOST). different: it lies wholly
// beyond the margin, the mirror of that; a difference that is merely not 0 is not enough.
enum class Equivalence { equivalent, different, inconclusive };

struct EquivalenceTest {
  Equivalence result = Equivalence::inconclusive;
  double difference = 0, standard_error = 0, df = 0;
  double t_lower = 0, t_upper = 0;             // of the two one-sided tests
  double p_lower = 1, p_upper = 1;             // of the same, one-sided
  double welch_p = 1;                          // two-sided
  double interval_low = 0, interval_high = 0;  // 90 % interval of the difference
  std::size_t needed = 0;                      // runs_needed() of the larger spread
};

// Of a difference with its standard error and degrees of freedom, however they were found.
EquivalenceTest equivalence_of(double difference, double standard_error, double df, double margin);
double welch_df(const Sample& a, const Sample& b);  // both with n >= 2, not both without spread

// `ours` against `reference`, alpha 0.05 one-sided. Both need n >= 2 and a positive margin; else nothing.
std::optional<EquivalenceTest> equivalence_test(const Sample& ours, const Sample& reference, double margin);

}  // namespace reprise
