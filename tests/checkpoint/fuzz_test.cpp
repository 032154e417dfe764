// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "mutation.h"
#include "scratch.h"

using namespace reprise;

// checkpoint-fuzz does the same a million times.
TEST_CASE("damaged checkpoints are read or refused in one sentence, never a crash") {
  const Scratch scratch;
  Mutations mutations(REPRISE_SOURCE "/tests/checkpoint/fixtures", scratch / "copy");
  REQUIRE(mutations.targets() > 20);
  std::size_t refused = 0;
  constexpr std::uint64_t count = 5000;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    const std::string said = mutations.refusal(seed);
    INFO(seed << ": " << said);
    CHECK(said.find('\n') == said.npos);
    CHECK(said.size() < 1000);
    refused += said.empty() ? 0 : 1;
  }
  CHECK(refused > count / 4);
  CHECK(refused < count);
}
