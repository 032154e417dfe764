// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/convergence_points.h"

#include <algorithm>
#include <cmath>

#include "harness/judge/verdict/statistics.h"

namespace reprise {

std::span<const Word<DeviationOf>> words_of(DeviationOf /*which*/) {
  static constexpr Word<DeviationOf> words[] = {{DeviationOf::rules, "rules"},
                                                {DeviationOf::checker, "checker"}};
  return words;
}

namespace {

double mean_of(std::span<const double> values) { return sample_of(values).mean; }

double population_sd(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  return sample_of(values).sd * std::sqrt((n - 1) / n);
}

std::vector<double> trimmed(std::span<const double> runs) {
  std::vector<double> sorted(runs.begin(), runs.end());
  std::ranges::sort(sorted);
  return {sorted.begin() + 1, sorted.end() - 1};
}

// The same point as if it had been measured at another batch, on the line through two.
ConvergencePoint between(const ConvergencePoint& a, const ConvergencePoint& b, double batch) {
  const double share = (batch - a.batch) / (b.batch - a.batch);
  return {batch, a.mean + share * (b.mean - a.mean), a.sd + share * (b.sd - a.sd), std::min(a.n, b.n)};
}

}  // namespace

ConvergencePoint reference_point(double batch, std::span<const double> runs, DeviationOf which) {
  if (runs.size() < 4) fail("wanted at least 4 reference runs, found {}", runs.size());
  const auto kept = trimmed(runs);
  return {batch, mean_of(kept),
          population_sd(which == DeviationOf::rules ? std::span<const double>(kept) : runs), kept.size()};
}

std::optional<ConvergencePoint> point_at(std::span<const ConvergencePoint> points, double batch) {
  if (points.empty() || batch > points.back().batch) return std::nullopt;
  if (batch <= points.front().batch) return points.front();
  const auto above = std::ranges::find_if(points, [&](const auto& one) { return one.batch >= batch; });
  return above->batch == batch ? *above : between(*(above - 1), *above, batch);
}

std::vector<ConvergencePoint> pruned(std::vector<ConvergencePoint> points) {
  const auto fastest = std::ranges::min_element(points, {}, &ConvergencePoint::mean);
  points.erase(points.begin(), fastest);
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 1; i + 1 < points.size(); ++i)
      if (points[i].mean > between(points[i - 1], points[i + 1], points[i].batch).mean) {
        points.erase(points.begin() + static_cast<std::ptrdiff_t>(i));
        again = true;
        break;
      }
  }
  return points;
}

double least_mean(const ConvergencePoint& reference, std::size_t runs) {
  if (runs < 3) fail("wanted at least 3 runs of a submission, found {}", runs);
  const double nr = static_cast<double>(reference.n), ns = static_cast<double>(runs - 2);
  return reference.mean - t_quantile(0.95, nr + ns - 2) * reference.sd * std::sqrt(1 / nr + 1 / ns);
}

double score_of(std::span<const double> runs) {
  if (runs.size() < 3) fail("wanted at least 3 runs of a submission, found {}", runs.size());
  if (std::ranges::count_if(runs, [](double one) { return !std::isfinite(one); }) > 1) return INFINITY;
  return mean_of(trimmed(runs));
}

std::vector<double> median_window(std::span<const double> runs, std::size_t wanted) {
  if (runs.size() < wanted) fail("wanted {} runs of a submission, found {}", wanted, runs.size());
  std::vector<std::pair<double, std::size_t>> windows;
  for (std::size_t first = 0; first + wanted <= runs.size(); ++first)
    windows.emplace_back(score_of(runs.subspan(first, wanted)), first);
  std::ranges::sort(windows);
  const auto chosen = runs.subspan(windows[(windows.size() - 1) / 2].second, wanted);
  return {chosen.begin(), chosen.end()};
}

ConvergenceVerdict judge_convergence(const ConvergencePoint& reference, std::span<const double> runs) {
  ConvergenceVerdict verdict;
  verdict.score = score_of(runs);
  verdict.least = least_mean(reference, runs.size());
  if (!std::isfinite(verdict.score)) {
    verdict.result = Convergence::not_converged;
  } else if (verdict.score < verdict.least) {
    verdict.result = Convergence::too_fast;
  } else if (verdict.score < reference.mean) {
    verdict.result = Convergence::scaled;
    verdict.factor = reference.mean / verdict.score;
  }
  return verdict;
}

}  // namespace reprise
