// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/tests/covered.h"
#include "fake_cuda/tests/small_device.h"

using namespace reprise::fake_cuda;

TEST_CASE("arithmetic: every row of the table gives what the PTX manual says") {
  const auto checks = arithmetic_checks();
  REQUIRE(checks.size() > 300);
  for (const auto& check : checks) check.run();
}

TEST_CASE("loads, stores and atomics of every kind move the bytes they name") {
  for (const auto& check : memory_checks()) {
    INFO(check.instruction);
    check.run();
  }
}

TEST_CASE("moves, shuffles, votes, barriers and branches") {
  for (const auto& check : warp_checks()) {
    INFO(check.instruction);
    check.run();
  }
}
