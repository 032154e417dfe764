// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/noise_row.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("a row of noise is of all its runs, with n below as its authors have it") {
  const Predictions a{{0, 1, 0, 0}, {0, 1, 1, 1}, 0.5}, b{{0, 1, 1, 1}, {0, 1, 1, 1}, 0.7};
  const NoiseRow row = noise_row("everything", {&a, &b});
  CHECK(row.runs == 2);
  CHECK(row.accuracy_sd == Approx(25));  // 50 and 100 %
  CHECK(row.loss_sd.value() == Approx(0.1));
  CHECK(row.disagreement == Approx(50));
}

TEST_CASE("a loss that one run does not report is the loss of none") {
  const Predictions a{{0, 1}, {0, 1}, 0.5}, b{{0, 0}, {0, 1}};
  CHECK_FALSE(noise_row("everything", {&a, &b}).loss_sd.has_value());
}
