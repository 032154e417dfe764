// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/noise_floor.h"

#include <cmath>

#include "harness/base/error.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise {

double binomial_sd(double error, std::size_t test_n) {
  return std::sqrt(error * (1 - error) / static_cast<double>(test_n));
}

double two_class_sd(double error, std::size_t test_n) {
  return std::sqrt(error / (2 * static_cast<double>(test_n)));
}

double least_sd(double error, std::size_t test_n, std::size_t classes) {
  return std::sqrt(error / (static_cast<double>(test_n) * static_cast<double>(classes)));
}

double independent_variance(std::span<const double> error_rates) {
  double sum = 0;
  for (const double rate : error_rates) sum += rate * (1 - rate);
  const double n = static_cast<double>(error_rates.size());
  return sum / (n * n);
}

ErrorSpread error_spread(const ErrorTable& errors) {
  if (errors.size() < 2 || errors.front().empty())
    fail("wanted the errors of two seeds or more on one example or more, found {} seeds", errors.size());
  const std::size_t examples = errors.front().size();
  std::vector<double> seed_errors, rates(examples, 0);
  for (const auto& row : errors) {
    if (row.size() != examples)
      fail("wanted the errors of every seed on the same examples, found {} and {}", examples, row.size());
    double sum = 0;
    for (std::size_t i = 0; i < examples; ++i) {
      sum += row[i];
      rates[i] += row[i] / static_cast<double>(errors.size());
    }
    seed_errors.push_back(sum / static_cast<double>(examples));
  }
  const double n = static_cast<double>(examples), seeds = static_cast<double>(errors.size());
  const double sd = sample_of(seed_errors).sd;
  ErrorSpread spread;
  spread.variance = sd * sd;
  spread.independent = independent_variance(rates);
  // Each Var_h(err_i) with ddof 1 is e (1 - e) h / (h - 1).
  const double within = spread.independent * seeds / (seeds - 1);
  spread.distribution = examples > 1 ? n / (n - 1) * (spread.variance - within) : 0;
  return spread;
}

double most_sampled_error(std::size_t problems, std::size_t samples) {
  const double m = static_cast<double>(problems);
  return std::sqrt(m / (4 * static_cast<double>(samples))) / m;
}

double sampled_error(std::span<const double> pass_rates, std::size_t samples) {
  return std::sqrt(independent_variance(pass_rates) / static_cast<double>(samples));
}

std::optional<double> below_floor(double published_sd, double error, std::size_t test_n,
                                  std::size_t classes) {
  const double floor = least_sd(error, test_n, classes);
  // A deviation of five runs is off by a factor of two now and then.
  if (!(published_sd < floor / 2)) return std::nullopt;
  return floor;
}

}  // namespace reprise
