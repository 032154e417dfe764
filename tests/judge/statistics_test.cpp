// SPDX-License-Identifier: Apache-2.0
// Expected numbers were computed by other programs, to the digits given.
#include "harness/judge/verdict/statistics.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "harness/base/error.h"

using namespace reprise;

TEST_CASE("mean and spread of a sample use n - 1") {
  const std::vector<double> values = {0.5, 0.75, 0.25, 0.75, 0.25};
  const Sample sample = sample_of(values);
  CHECK(sample.n == 5);
  CHECK(sample.mean == Approx(0.5));
  CHECK(sample.sd * sample.sd == Approx(0.0625));
}

TEST_CASE("the spread of one value is unknown and reads as 0") {
  const std::vector<double> one = {3.5};
  CHECK(sample_of(one).mean == 3.5);
  CHECK(sample_of(one).sd == 0);
  CHECK(sample_of({}).n == 0);
}

TEST_CASE("quantiles of Student's t agree with the tables") {
  struct Row {
    double df, q95, q975;
  };
  const std::vector<Row> rows = {{1, 6.313752, 12.706205}, {2, 2.919986, 4.302653},  {3, 2.353363, 3.182446},
                                 {4, 2.131847, 2.776445},  {5, 2.015048, 2.570582},  {8, 1.859548, 2.306004},
                                 {9, 1.833113, 2.262157},  {14, 1.761310, 2.144787}, {16, 1.745884, 2.119905},
                                 {19, 1.729133, 2.093024}, {29, 1.699127, 2.045230}, {30, 1.697261, 2.042272},
                                 {60, 1.670649, 2.000298}, {120, 1.657651, 1.979930}};
  for (const auto& row : rows) {
    INFO("df " << row.df);
    CHECK(t_quantile(0.95, row.df) == Approx(row.q95).margin(6e-7));
    CHECK(t_quantile(0.975, row.df) == Approx(row.q975).margin(6e-7));
    CHECK(t_quantile(0.05, row.df) == Approx(-row.q95).margin(6e-7));
  }
  CHECK(t_quantile(0.5, 7) == Approx(0).margin(1e-9));
}

TEST_CASE("the distribution of t is the inverse of its quantile, for fractional degrees of freedom too") {
  for (const double df : {0.7, 1.0, 3.385025, 6.890797, 40.5, 5000.0})
    for (const double p : {0.001, 0.2, 0.5, 0.9, 0.9995})
      CHECK(t_distribution(t_quantile(p, df), df) == Approx(p).epsilon(1e-9));
  CHECK(t_distribution(0, 3) == Approx(0.5));
  CHECK(t_distribution(1, 1) == Approx(0.75));  // Cauchy: 1/2 + atan(1)/pi
}

TEST_CASE("the tails of t agree with closed forms, where 1 - p would have lost its digits") {
  const auto cauchy = [](double t) { return std::atan(1 / -t) / std::acos(-1.0); };      // df 1, t < 0
  const auto two = [](double t) { return 1 / (t * t + 2 - t * std::sqrt(t * t + 2)); };  // df 2, t < 0
  for (const double t : {-1e-3, -0.5, -3.0, -40.0, -1e6}) {
    INFO("t " << t);
    CHECK(t_distribution(t, 1) == Approx(cauchy(t)).epsilon(1e-12));
    CHECK(t_distribution(t, 2) == Approx(two(t)).epsilon(1e-12));
    CHECK(t_quantile(cauchy(t), 1) == Approx(t).epsilon(1e-9));
  }
  CHECK(t_distribution(-INFINITY, 3) == 0);
  CHECK(t_distribution(INFINITY, 3) == 1);
}

TEST_CASE("a spread whose square squared is not a number any more still makes a test") {
  const auto test = equivalence_test({3, 1e-90, 1e-90}, {3, 1e-90, 1e-90}, 1e-88);
  REQUIRE(test);
  CHECK(test->df == Approx(4));
  CHECK(test->result == Equivalence::equivalent);
}

TEST_CASE("a quantile outside 0 to 1 is refused") {
  CHECK_THROWS_AS(t_quantile(1.0, 3), Error);
  CHECK_THROWS_AS(t_quantile(0.5, 0), Error);
}

namespace {

struct Row {
  Sample ours, reference;
  double d, se, df, p, lower, upper, low, high;
  Equivalence result;
};

const Row computed[] = {{{10, 91.1, .25},
                         {5, 91.2, .3},
                         -0.1,
                         0.155724,
                         6.890797,
                         0.541534,
                         2.568645,
                         3.852968,
                         -0.395737,
                         0.195737,
                         Equivalence::equivalent},
                        {{10, 90.4, .25},
                         {5, 91.2, .3},
                         -0.8,
                         0.155724,
                         6.890797,
                         0.001409,
                         -1.926484,
                         8.348097,
                         -1.095737,
                         -0.504263,
                         Equivalence::different},
                        {{3, 91.0, .4},
                         {5, 91.2, .3},
                         -0.2,
                         0.267083,
                         3.385025,
                         0.502604,
                         1.123246,
                         2.620908,
                         -0.800442,
                         0.400442,
                         Equivalence::inconclusive},
                        {{10, 91.1, .25},
                         {5, 91.2, .670820},
                         -0.1,
                         0.310242,
                         4.565061,
                         0.761435,
                         1.289317,
                         1.933975,
                         -0.738553,
                         0.538553,
                         Equivalence::inconclusive}};

}  // namespace

TEST_CASE("the equivalence test agrees with computed examples") {
  for (const auto& row : computed) {
    const auto test = equivalence_test(row.ours, row.reference, 0.5);
    REQUIRE(test);
    CHECK(test->difference == Approx(row.d));
    CHECK(test->standard_error == Approx(row.se).margin(6e-7));
    CHECK(test->df == Approx(row.df).margin(6e-6));
    CHECK(test->welch_p == Approx(row.p).margin(6e-7));
    CHECK(test->t_lower == Approx(row.lower).margin(6e-6));
    CHECK(test->t_upper == Approx(row.upper).margin(6e-6));
    CHECK(test->interval_low == Approx(row.low).margin(2e-6));
    CHECK(test->interval_high == Approx(row.high).margin(2e-6));
    CHECK(test->result == row.result);
  }
}

TEST_CASE("a difference counts only where the whole 90 % interval lies beyond the margin") {
  // p is below 0.05 and the difference above the margin, but the interval reaches inside it.
  const double sd = 0.3;
  const auto near = equivalence_test({5, 90.55, sd}, {5, 90, sd}, 0.5);
  CHECK(near->welch_p < 0.05);
  CHECK(near->interval_low == Approx(0.197).margin(6e-4));
  CHECK(near->interval_high == Approx(0.903).margin(6e-4));
  CHECK(near->result == Equivalence::inconclusive);
  CHECK(equivalence_test({5, 90, sd}, {5, 90.55, sd}, 0.5)->result == Equivalence::inconclusive);
  const auto far = equivalence_test({5, 90.86, sd}, {5, 90, sd}, 0.5);
  CHECK(far->interval_low > 0.5);
  CHECK(far->result == Equivalence::different);
  CHECK(equivalence_test({5, 90, sd}, {5, 90.86, sd}, 0.5)->result == Equivalence::different);
}

TEST_CASE("one run a side or no margin makes no test") {
  const Sample one{1, 90, 0}, five{5, 90, 0.2};
  CHECK_FALSE(equivalence_test(one, five, 0.5));
  CHECK_FALSE(equivalence_test(five, one, 0.5));
  CHECK_FALSE(equivalence_test(five, five, 0));
  CHECK_FALSE(equivalence_test(five, five, std::nan("")));
  CHECK(equivalence_test(five, five, 0.5));
}

TEST_CASE("without any spread the difference itself decides") {
  const Sample low{3, 90, 0}, near{3, 90.4, 0}, far{3, 91, 0}, edge{3, 90.5, 0};
  CHECK(equivalence_test(near, low, 0.5)->result == Equivalence::equivalent);
  CHECK(equivalence_test(far, low, 0.5)->result == Equivalence::different);
  CHECK(equivalence_test(edge, low, 0.5)->result == Equivalence::inconclusive);
}

TEST_CASE("the runs needed follow 17.1 (sd/margin)^2, at least 2") {
  CHECK(runs_needed(1, 1) == 18);
  CHECK(runs_needed(2, 1) == 69);
  CHECK(runs_needed(0.5, 1) == 5);
  CHECK(runs_needed(0, 1) == 2);
  CHECK(equivalence_test({3, 91, 0.4}, {5, 91.2, 0.3}, 0.5)->needed == 11);
}
