// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/placement.h"

#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/plan/environment.h"
#include "plan/sample_plan.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE(
    "a processor is this one, or one that QEMU emulates, with its architecture and features where they are "
    "said") {
  CHECK_FALSE(emulated_cpu("host"));
  const auto haswell = emulated_cpu("qemu:Haswell");
  REQUIRE(haswell);
  CHECK(haswell->architecture.empty());
  CHECK(haswell->model == "Haswell");
  const auto arm = emulated_cpu("qemu:aarch64:max,sve=off");
  REQUIRE(arm);
  CHECK(arm->architecture == "aarch64");
  CHECK(arm->model == "max,sve=off");
  CHECK(model_name(*arm) == "max");
}

TEST_CASE("any other text for a processor is refused with what to write") {
  for (const char* text : {"", "qemu", "qemu:", "Haswell", "qemu:,avx2", "qemu:a b", "qemu:x86_64:"})
    CHECK_THROWS_WITH(emulated_cpu(text), Contains("wanted cpu to be host or qemu:MODEL"));
  CHECK_THROWS_WITH(emulated_cpu("qemu:arm:max"), Contains("wanted x86_64 or aarch64"));
  Plan plan = sample_plan();
  plan.placement.cpu = "Haswell";
  CHECK_THROWS_WITH(check_plan(plan), Contains("try cpu=qemu:Haswell"));
}

TEST_CASE(
    "an emulated processor is part of a plan's name and not of its recipe's, and none leaves both alone") {
  const Plan host = sample_plan();
  CHECK_THAT(to_toml(host), !Contains("cpu ="));
  Plan emulated = host;
  emulated.placement.cpu = "qemu:Haswell";
  CHECK(plan_id(emulated) != plan_id(host));
  CHECK(recipe_id(emulated) == recipe_id(host));
  CHECK(plan_from_toml(to_toml(emulated), "plan.toml").placement == emulated.placement);
}

TEST_CASE("what this processor lacks does not keep an emulated run from being made") {
  Plan plan = sample_plan();
  plan.placement.cpu = "qemu:Haswell";
  plan.pins["isa"] = "avx512";
  CHECK(cannot_run(plan).empty());
}
