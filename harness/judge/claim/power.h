// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many runs a question needs, before they are made. Power is computed exactly for Welch's test and TOST
// on normal values, by integrating over the spreads that the two sides may happen to show, and so is the
// smallest number of runs; or it is said that no number can do, because the claim itself is too imprecise.
#include <cstddef>
#include <optional>

namespace reprise {

// One side of a comparison, as far as it is known before the runs.
struct PlannedSide {
  double sd = 0;       // of a single run
  std::size_t n = 0;   // at least 2
  bool fixed = false;  // its spread is published already and is not drawn again
};

// The chance that Welch's test at 5 % sees a true difference.
double welch_power(const PlannedSide& ours, const PlannedSide& theirs, double difference);
// The chance that TOST passes where the true difference is `difference`. alpha: of each one-sided test.
double tost_power(const PlannedSide& ours, const PlannedSide& theirs, double margin, double difference = 0,
                  double alpha = 0.05);
// The same where a mean of `published_n` runs is published without their spread, which is taken to be ours.
double tost_power_alike(double sd, std::size_t n, std::size_t published_n, double margin,
                        double alpha = 0.05);

// The least uncertainty that a published mean leaves, however many runs we make: t_{.95,n0-1} s0 / sqrt(n0).
// A margin below it cannot be met.
double least_margin(double published_sd, std::size_t published_n);

inline constexpr double wanted_power = 0.8;
inline constexpr std::size_t most_runs = 4096;  // that are ever asked for

// The fewest runs of ours with the wanted power; nothing: not even most_runs do.
std::optional<std::size_t> own_runs_needed(double own_sd, const PlannedSide& theirs, double margin,
                                           double alpha = 0.05);
std::optional<std::size_t> own_runs_needed_alike(double own_sd, std::size_t published_n, double margin,
                                                 double alpha = 0.05);

}  // namespace reprise
