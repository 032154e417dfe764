// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/axis.h"

#include "harness/base/error.h"
#include "launch/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("the shelf of axes holds those that the manual names, and each says what it owes") {
  const auto names = names_of(axes_shelf());
  for (const auto* name :
       {"batch-order", "determinism", "isa", "mkl", "onednn", "precision", "repeat", "seed", "threads"}) {
    INFO(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
  CHECK(pick_axis("repeat").owes == Promise::bitwise);
  CHECK(pick_axis("seed").owes == Promise::statistical);
  CHECK(pick_axis("batch-order").owes == Promise::statistical);
  for (const auto* name : {"threads", "isa", "mkl", "onednn", "determinism", "precision"})
    CHECK(pick_axis(name).owes == Promise::numeric);
}

TEST_CASE("each axis sets its one pin") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  const std::vector<std::array<const char*, 3>> rows = {
      {"seed", "3", "seed"},
      {"threads", "2", "threads"},
      {"isa", "avx2", "isa"},
      {"mkl", "strict", "mkl"},
      {"onednn", "off", "onednn"},
      {"determinism", "warn", "deterministic"},
      {"precision", "float64", "precision"},
      {"batch-order", "seeded", "batch-order"},
      {"pin:nnpack", "off", "nnpack"},
      {"pin:cublas-workspace", ":16:8", "cublas-workspace"}};
  for (const auto& [axis, value, pin] : rows) {
    Plan plan = base, wanted = base;
    pick_axis(axis).apply(plan, value);
    wanted.pins[pin] = value;
    INFO(axis);
    CHECK(base.pins.at(pin) != value);
    CHECK(to_toml(plan) == to_toml(wanted));
  }
  Plan plan = base;
  pick_axis("repeat").apply(plan, "3");
  CHECK(to_toml(plan) == to_toml(base));
}

TEST_CASE("an axis of a pin owes what the axis of that name owes") {
  CHECK(pick_axis("pin:seed").owes == Promise::statistical);
  CHECK(pick_axis("pin:nnpack").owes == Promise::numeric);
}

TEST_CASE("an unknown axis, pin or value is told with what is known") {
  Scratch scratch;
  Plan plan = small_recipe(scratch).defaults;
  CHECK_THROWS_WITH(pick_axis("thread"), Contains("no axis named 'thread'; did you mean 'threads'?") &&
                                             Contains("known: batch-order, determinism, isa"));
  CHECK_THROWS_WITH(pick_axis("nnpack"),
                    Contains("no axis named 'nnpack', but a pin; write --axis pin:nnpack="));
  CHECK_THROWS_WITH(pick_axis("pin:nnpak"), Contains("no pin named 'nnpak'; did you mean 'nnpack'?"));
  CHECK_THROWS_WITH(pick_axis("isa").apply(plan, "avx1024"),
                    Contains("wanted one of auto, default, avx2, avx512 for pin isa"));
  CHECK_THROWS_WITH(pick_axis("repeat").apply(plan, "0"), Contains("axis repeat, found '0'"));
  CHECK_THROWS_WITH(pick_axis("batch-order").apply(plan, "file:/nowhere.txt"),
                    Contains("no batch-order file at /nowhere.txt"));
}
