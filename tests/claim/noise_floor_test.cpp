// SPDX-License-Identifier: Apache-2.0
// Expected numbers were computed by other programs, to the digits given.
#include "harness/judge/claim/noise_floor.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "harness/base/error.h"
#include "harness/judge/claim/best_of.h"

using namespace reprise;

TEST_CASE("floors and ceilings of an accuracy's deviation agree with computed ones") {
  CHECK(100 * two_class_sd(0.088, 10000) == Approx(0.2098).margin(6e-5));
  CHECK(100 * least_sd(0.088, 10000, 10) == Approx(0.0938).margin(6e-5));
  CHECK(100 * binomial_sd(0.088, 10000) == Approx(0.2833).margin(6e-5));
  CHECK(100 * binomial_sd(1 - 0.9442, 10000) == Approx(0.2295).margin(6e-5));
}

TEST_CASE("the spread of errors by example agrees with a computed one") {
  const ErrorTable errors = {{0, 1, 0, 1}, {0, 1, 1, 1}, {0, 0, 0, 1}, {1, 1, 0, 1}, {0, 1, 0, 0}};
  const ErrorSpread spread = error_spread(errors);
  CHECK(spread.variance == Approx(0.0625));
  CHECK(spread.independent == Approx(0.04));
  CHECK(spread.distribution == Approx(0.0166667).margin(6e-8));
  const double rates[] = {0, .1, .5, .9, 1};
  CHECK(independent_variance(rates) == Approx(0.0172));
  CHECK(std::sqrt(independent_variance(rates)) == Approx(0.131149).margin(6e-7));
}

TEST_CASE("errors of one seed, or of other examples, are refused") {
  CHECK_THROWS_AS(error_spread({{0, 1}}), Error);
  CHECK_THROWS_AS(error_spread({{0, 1}, {0, 1, 1}}), Error);
}

TEST_CASE("the worst error of a sampled pass rate agrees with a computed one") {
  const double worst = most_sampled_error(30, 64);
  CHECK(100 * worst == Approx(1.1411).margin(6e-5));
  CHECK(100 * worst * std::sqrt(2.0) == Approx(1.6137).margin(6e-5));
  const std::vector<double> halves(30, 0.5);
  CHECK(sampled_error(halves, 64) == Approx(worst));
  // Two published tables, the least number of deviations between them.
  struct Row {
    double a, b, deviations;
  };
  for (const auto& row :
       {Row{30.7, 28.9, 1.1}, Row{50.8, 55.5, 2.9}, Row{65.9, 69.7, 2.4}, Row{69.7, 72.6, 1.8},
        Row{43.9, 41.7, 1.4}, Row{43.9, 50.4, 4.0}, Row{63.0, 70.0, 4.3}})
    CHECK(std::abs(row.a - row.b) / (100 * worst * std::sqrt(2.0)) == Approx(row.deviations).margin(0.051));
}

TEST_CASE("the best of several runs lies above the mean by the computed amounts") {
  const std::pair<std::size_t, double> rows[] = {{2, 0.5642},  {3, 0.8463},  {5, 1.1630},   {10, 1.5388},
                                                 {20, 1.8675}, {50, 2.2491}, {100, 2.5076}, {1000, 3.2414}};
  for (const auto& [n, above] : rows) CHECK(best_of(n).mean == Approx(above).margin(6e-5));
  CHECK(best_of(1).mean == Approx(0).margin(1e-9));
  CHECK(best_of(1).sd == Approx(1).margin(1e-6));
  CHECK(best_of(2).sd == Approx(std::sqrt(1 - 1 / std::acos(-1.0))).margin(1e-6));
}

TEST_CASE("a published spread far below the floor is noticed") {
  CHECK(below_floor(0.0002, 0.088, 10000, 10).has_value());
  CHECK_FALSE(below_floor(0.0008, 0.088, 10000, 10).has_value());
}
