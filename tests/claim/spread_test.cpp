// SPDX-License-Identifier: Apache-2.0
// Expected numbers were computed by other programs, to the digits given.
#include "harness/judge/claim/spread.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("a spread of unknown kind has three readings") {
  const auto readings = readings_of(0.3, SpreadKind::unknown, 5);
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].sd == Approx(0.3).margin(6e-7));
  CHECK(readings[1].sd == Approx(0.670820).margin(6e-7));
  CHECK(readings[2].sd == Approx(0.241611).margin(6e-7));
  CHECK(readings_of(0.3, SpreadKind::se, 5).front().sd == readings[1].sd);
  CHECK(readings_of(0.3, SpreadKind::ci95, 5).front().name == "CI95");
}

TEST_CASE("prediction intervals agree with computed ones, for each reading") {
  const double halves[] = {0.526793, 1.177946, 0.424264};
  const auto readings = readings_of(0.3, SpreadKind::unknown, 5);
  for (std::size_t i = 0; i < 3; ++i) {
    const Interval interval = prediction_interval({5, 91.2, readings[i].sd}, 5);
    CHECK((interval.high - interval.low) / 2 == Approx(halves[i]).margin(6e-7));
    CHECK((interval.high + interval.low) / 2 == Approx(91.2));
  }
}

TEST_CASE("one published number is predicted by our own spread") {
  const Interval interval = prediction_interval(91.2, Sample{5, 90, 0.3});
  CHECK(interval.high - 91.2 == Approx(2.776445 * 0.3 * std::sqrt(1.2)).margin(1e-6));
  CHECK(interval.holds(91.2));
  CHECK_FALSE(interval.holds(93));
}

TEST_CASE("a range bounds the deviation of any numbers that have it") {
  const std::vector<std::vector<double>> samples = {{0, 0, 0, 1, 1, 1},
                                                    {0, 0.5, 0.5, 0.5, 0.5, 1},
                                                    {0, 0.1, 0.4, 0.7, 0.8, 1},
                                                    {0, 0, 1},
                                                    {0, 0.5, 1},
                                                    {0, 1}};
  for (const auto& values : samples) {
    const auto bounds = readings_of(1, SpreadKind::range, values.size());
    REQUIRE(bounds.size() == 2);
    CHECK(sample_of(values).sd >= bounds[0].sd - 1e-12);
    CHECK(sample_of(values).sd <= bounds[1].sd + 1e-12);
  }
  CHECK(readings_of(1, SpreadKind::range, 6)[1].sd == Approx(sample_of(samples[0]).sd));
  CHECK(readings_of(1, SpreadKind::range, 6)[0].sd == Approx(sample_of(samples[1]).sd));
  CHECK(readings_of(1, SpreadKind::range, 3)[1].sd == Approx(sample_of(samples[3]).sd));
}

TEST_CASE("one claim read as SD and as SE disagrees with itself") {
  const Sample ours{10, 91.1, .25};
  const auto readings = readings_of(0.3, SpreadKind::unknown, 5);
  CHECK(equivalence_test(ours, {5, 91.2, readings[0].sd}, 0.5)->result == Equivalence::equivalent);
  CHECK(equivalence_test(ours, {5, 91.2, readings[1].sd}, 0.5)->result == Equivalence::inconclusive);
}

TEST_CASE("the one-sided p-values and the 95 % interval agree with computed ones") {
  struct Row {
    Sample ours, published;
    double lower, upper, low, high;
  };
  const Row rows[] = {{{10, 91.1, .25}, {5, 91.2, .3}, 0.018790, 0.003230, -0.469415, 0.269415},
                      {{10, 90.4, .25}, {5, 91.2, .3}, 0.951963, 0.000038, -1.169415, -0.430585},
                      {{3, 91.0, .4}, {5, 91.2, .3}, 0.167313, 0.034838, -0.997817, 0.597817},
                      {{10, 91.1, .25}, {5, 91.2, .670820}, 0.129371, 0.058202, -0.920907, 0.720907}};
  const double quantiles[] = {1.899106, 1.899106, 2.248147, 2.058242};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto test = equivalence_test(rows[i].ours, rows[i].published, 0.5);
    CHECK(test->p_lower == Approx(rows[i].lower).margin(6e-7));
    CHECK(test->p_upper == Approx(rows[i].upper).margin(6e-7));
    CHECK(t_quantile(0.95, test->df) == Approx(quantiles[i]).margin(6e-7));
    const double half = t_quantile(0.975, test->df) * test->standard_error;
    CHECK(test->difference - half == Approx(rows[i].low).margin(2e-6));
    CHECK(test->difference + half == Approx(rows[i].high).margin(2e-6));
  }
}
