// SPDX-License-Identifier: Apache-2.0
// Faults that the self-test makes on purpose, apart from any training.
#include "harness/record/sowing.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("samples are exchanged where two differ, and one alone is taken from the next batch") {
  std::vector<std::uint64_t> batch{4, 4, 7}, one{4};
  swap_samples(batch, {1});
  REQUIRE(batch == std::vector<std::uint64_t>{7, 4, 4});
  swap_samples(one, {4, 9});
  REQUIRE(one == std::vector<std::uint64_t>{9});
  std::vector<std::uint64_t> only{1};
  REQUIRE_THROWS_WITH(swap_samples(only, {1}), Catch::Matchers::Contains("one sample"));
}
