// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much the accuracy of equally trained models must vary between seeds on a test set of n examples
// (Jordan, ICLR 2024). A published spread far below that means that seeds were not varied, that it is a
// standard error, or that runs are bit-identical. Errors and deviations are shares, not percent.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace reprise {

double binomial_sd(double error, std::size_t test_n);                    // an upper bound in practice
double two_class_sd(double error, std::size_t test_n);                   // Theorem 3: sqrt(err / 2n)
double least_sd(double error, std::size_t test_n, std::size_t classes);  // Theorem 4: sqrt(err / nk)

// One row per seed, one entry per test example: 1 where the model of that seed errs.
using ErrorTable = std::vector<std::vector<std::uint8_t>>;

struct ErrorSpread {
  double variance = 0;      // of the error over seeds, ddof 1
  double independent = 0;   // what it would be if examples erred independently
  double distribution = 0;  // Eq. 3: of the error over the distribution, without that of the test set; may be
                            // below 0
};
// An Error for fewer than two seeds, no example, or rows of several lengths.
ErrorSpread error_spread(const ErrorTable& errors);
double independent_variance(std::span<const double> error_rates);  // of each example

// The largest standard error of a pass rate over `problems` problems with `samples` samples each.
double most_sampled_error(std::size_t problems, std::size_t samples);
double sampled_error(std::span<const double> pass_rates, std::size_t samples);

// How far a published spread is below the least that is possible; nothing where it is not.
std::optional<double> below_floor(double published_sd, double error, std::size_t test_n, std::size_t classes);

}  // namespace reprise
