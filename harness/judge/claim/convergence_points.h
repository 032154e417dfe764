// SPDX-License-Identifier: Apache-2.0
#pragma once
// MLPerf's reference convergence points: how fast may a submission converge before it is too good to be the
// same training? Its rules and its shipped checker use different standard deviations; both are here, and a
// report names the one it used. Numbers are epochs or samples until the quality is reached; infinite: it
// never was.
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"

namespace reprise {

// rules: the sd of the runs that are left after trimming; checker: of all runs. Both with n below.
enum class DeviationOf { rules, checker };
std::span<const Word<DeviationOf>> words_of(DeviationOf which);

struct ConvergencePoint {
  double batch = 0;
  double mean = 0, sd = 0;  // of the trimmed runs, and as DeviationOf says
  std::size_t n = 0;        // runs that the mean is of
};

// The fastest and the slowest run dropped, the mean of the rest. An Error for fewer than four runs.
ConvergencePoint reference_point(double batch, std::span<const double> runs, DeviationOf which);
// Mean and sd linearly between two references. Below the smallest it is the smallest; nothing above the
// largest: references must be supplied there. `points` by batch.
std::optional<ConvergencePoint> point_at(std::span<const ConvergencePoint> points, double batch);
// Without what is below the batch of the fastest mean, and without points slower than their neighbours say.
std::vector<ConvergencePoint> pruned(std::vector<ConvergencePoint> points);

// The least mean of a submission of `runs` runs (their extremes dropped) that is acceptable: one-sided
// Student, equal variances, 5 %.
double least_mean(const ConvergencePoint& reference, std::size_t runs);

// The score of the runs of a submission; infinite where more than one did not converge.
double score_of(std::span<const double> runs);
// Of more runs than wanted: the `wanted` consecutive ones whose score is the median over all windows.
std::vector<double> median_window(std::span<const double> runs, std::size_t wanted);

enum class Convergence { passes, scaled, too_fast, not_converged };
struct ConvergenceVerdict {
  Convergence result = Convergence::passes;
  double score = 0, least = 0;
  double factor = 1;  // what the score is multiplied by
};
ConvergenceVerdict judge_convergence(const ConvergencePoint& reference, std::span<const double> runs);

}  // namespace reprise
