// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/power.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "harness/base/error.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise {
namespace {

double below(double z) { return boost::math::cdf(boost::math::normal(), z); }

struct Node {
  double value, weight;
};

// The standard deviations that n runs may show, by equal parts of their probability.
std::vector<Node> shown_sds(const PlannedSide& side) {
  if (side.fixed || side.sd == 0) return {{side.sd, 1}};
  using Rule = boost::math::quadrature::gauss<double, 40>;
  const double df = static_cast<double>(side.n - 1);
  const boost::math::chi_squared distribution(df);
  std::vector<Node> nodes;
  const auto add = [&](double x, double weight) {
    const double square = boost::math::quantile(distribution, (x + 1) / 2);
    nodes.push_back({side.sd * std::sqrt(square / df), weight / 2});
  };
  for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
    add(Rule::abscissa()[i], Rule::weights()[i]);
    if (Rule::abscissa()[i] != 0) add(-Rule::abscissa()[i], Rule::weights()[i]);
  }
  return nodes;
}

// The mean over the spreads shown of what `passes` says, which is told the standard error shown and its df.
template <class Passes>
double mean_over_spreads(const PlannedSide& ours, const PlannedSide& theirs, const Passes& passes) {
  const double n1 = static_cast<double>(ours.n), n0 = static_cast<double>(theirs.n);
  double sum = 0;
  for (const auto& a : shown_sds(ours))
    for (const auto& b : shown_sds(theirs)) {
      const double square = a.value * a.value / n1 + b.value * b.value / n0;
      const double df = square > 0 ? welch_df({ours.n, 0, a.value}, {theirs.n, 0, b.value}) : 1;
      sum += a.weight * b.weight * passes(std::sqrt(square), df);
    }
  return std::clamp(sum, 0.0, 1.0);
}

double true_error(const PlannedSide& ours, const PlannedSide& theirs) {
  return std::sqrt(ours.sd * ours.sd / static_cast<double>(ours.n) +
                   theirs.sd * theirs.sd / static_cast<double>(theirs.n));
}

// The chance that a normal difference lies where its interval is inside the margin.
double inside(double margin, double difference, double reach, double error) {
  if (reach >= margin) return 0;
  if (!(error > 0)) return std::abs(difference) < margin ? 1 : 0;
  return below((margin - reach - difference) / error) - below((reach - margin - difference) / error);
}

template <class Power>
std::optional<std::size_t> fewest(const Power& power) {
  std::size_t high = 2;
  while (high <= most_runs && power(high) < wanted_power) high *= 2;
  if (high > most_runs) return std::nullopt;
  std::size_t low = high / 2;  // too few, or 1
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (power(middle) < wanted_power ? low : high) = middle;
  }
  return high;
}

}  // namespace

double welch_power(const PlannedSide& ours, const PlannedSide& theirs, double difference) {
  const double error = true_error(ours, theirs);
  return mean_over_spreads(ours, theirs, [&](double shown, double df) {
    const double reach = t_quantile(0.975, df) * shown;
    return below((difference - reach) / error) + below((-difference - reach) / error);
  });
}

double tost_power(const PlannedSide& ours, const PlannedSide& theirs, double margin, double difference,
                  double alpha) {
  const double error = true_error(ours, theirs);
  return mean_over_spreads(ours, theirs, [&](double shown, double df) {
    return inside(margin, difference, t_quantile(1 - alpha, df) * shown, error);
  });
}

double tost_power_alike(double sd, std::size_t n, std::size_t published_n, double margin, double alpha) {
  check(n >= 2, "a spread of our own is of at least two runs");
  const double factor = std::sqrt(1 / static_cast<double>(published_n) + 1 / static_cast<double>(n));
  const double quantile = t_quantile(1 - alpha, static_cast<double>(n - 1));
  double sum = 0;
  for (const auto& shown : shown_sds({sd, n, false}))
    sum += shown.weight * inside(margin, 0, quantile * shown.value * factor, sd * factor);
  return std::clamp(sum, 0.0, 1.0);
}

double least_margin(double published_sd, std::size_t published_n) {
  const double n = static_cast<double>(published_n);
  return t_quantile(0.95, n - 1) * published_sd / std::sqrt(n);
}

std::optional<std::size_t> own_runs_needed(double own_sd, const PlannedSide& theirs, double margin,
                                           double alpha) {
  return fewest([&](std::size_t n) { return tost_power({own_sd, n, false}, theirs, margin, 0, alpha); });
}

std::optional<std::size_t> own_runs_needed_alike(double own_sd, std::size_t published_n, double margin,
                                                 double alpha) {
  return fewest([&](std::size_t n) { return tost_power_alike(own_sd, n, published_n, margin, alpha); });
}

}  // namespace reprise
