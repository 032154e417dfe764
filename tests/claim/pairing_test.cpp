// SPDX-License-Identifier: Apache-2.0
// Expected numbers were computed by other programs, to the digits given.
#include "harness/judge/claim/pairing.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"

using namespace reprise;

TEST_CASE("McNemar's test agrees with a computed one") {
  const McNemar test = mcnemar(40, 25);
  CHECK(test.chi_squared == Approx(3.015385).margin(6e-7));
  CHECK(test.p == Approx(0.082478).margin(6e-7));
  CHECK(mcnemar(25, 40).p == test.p);
  CHECK(mcnemar(0, 0).p == 1);
  CHECK(mcnemar(7, 7).p == 1);
}

TEST_CASE("Holm's adjusted values agree with computed ones and keep the order given") {
  const double values[] = {.01, .04, .03};
  const auto adjusted = holm(values);
  CHECK(adjusted[0] == Approx(.03));
  CHECK(adjusted[1] == Approx(.06));
  CHECK(adjusted[2] == Approx(.06));
  const double large[] = {0.9, 0.8};
  CHECK(holm(large) == std::vector<double>{1, 1});
  CHECK(holm({}).empty());
}

TEST_CASE("a bootstrap gives the same interval each time, about that of the normal distribution") {
  std::vector<double> ours, theirs;
  for (int i = 0; i < 40; ++i) {
    ours.push_back(1 + 0.1 * (i % 10));
    theirs.push_back(0.1 * (i % 10));
  }
  const Interval interval = bootstrap_interval(ours, theirs);
  CHECK(interval.low == bootstrap_interval(ours, theirs).low);
  CHECK(interval.low != bootstrap_interval(ours, theirs, 0.9, 1).low);
  const double half = 1.645 * std::sqrt(2 * 0.0825 / 40);
  CHECK(interval.low == Approx(1 - half).margin(0.01));
  CHECK(interval.high == Approx(1 + half).margin(0.01));
  const double one[] = {3};
  CHECK(bootstrap_interval(one, one).high == 0);
  CHECK_THROWS_AS(bootstrap_interval({}, one), Error);
}
