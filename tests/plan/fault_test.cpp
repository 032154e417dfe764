// SPDX-License-Identifier: Apache-2.0
// Faults that the self-test makes on purpose, apart from any training.
#include "harness/plan/fault.h"

#include <catch2/catch.hpp>

#include "plan/sample_plan.h"

using namespace reprise;

TEST_CASE("every fault does one thing, and says where it must be found") {
  REQUIRE(faults_shelf().size() >= 3);
  for (const auto& [name, fault] : faults_shelf()) {
    INFO(name);
    CHECK_FALSE(std::string_view(fault->summary).empty());
    CHECK_FALSE(fault->stage.empty());
    CHECK((fault->weight != nullptr) + (fault->batch != nullptr) + (fault->plan != nullptr) == 1);
  }
}

TEST_CASE("a fault of a weight changes its bytes, one of the plan its name") {
  for (const auto& [name, fault] : faults_shelf()) {
    INFO(name);
    std::vector<std::byte> element(4, std::byte{0x40});
    if (fault->weight != nullptr) {
      fault->weight(element);
      CHECK(element != std::vector<std::byte>(4, std::byte{0x40}));
    }
    Plan plan = sample_plan();
    if (fault->plan != nullptr) {
      fault->plan(plan);
      CHECK(plan_id(plan) != plan_id(sample_plan()));
      CHECK(recipe_id(plan) == recipe_id(sample_plan()));
    }
  }
}

TEST_CASE("samples are exchanged where two differ, and one alone is taken from the next batch") {
  const auto exchange = pick(faults_shelf(), "swap-samples", "fault").batch;
  std::vector<std::uint64_t> batch{4, 4, 7}, one{4};
  exchange(batch, {1});
  REQUIRE(batch == std::vector<std::uint64_t>{7, 4, 4});
  exchange(one, {4, 9});
  REQUIRE(one == std::vector<std::uint64_t>{9});
  std::vector<std::uint64_t> only{1};
  REQUIRE_THROWS_WITH(exchange(only, {1}), Catch::Matchers::Contains("one sample"));
}

TEST_CASE("a plan can ask for the faults of a step, and for no other") {
  const auto names = faults_of_steps();
  CHECK(names == std::vector<std::string>{"flip-bit", "swap-samples"});
}
