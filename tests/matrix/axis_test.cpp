// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

#include "harness/base/error.h"
#include "plan/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("the shelf of axes holds those that the manual names, and each says what it promises") {
  for (const auto& [name, axis] : axes_shelf()) {
    INFO(name);
    CHECK(std::string(axis->summary).size() > 15);
    CHECK_FALSE(values_of(*axis).empty());
    CHECK(pick_axis(name).axis == axis);
  }
  const auto names = names_of(axes_shelf());
  for (const auto* name :
       {"batch-order", "blas", "cublas-workspace", "cudnn-benchmark", "determinism", "device", "isa", "mkl",
        "onednn", "precision", "repeat", "sdpa", "seed", "stream", "tf32", "threads"}) {
    INFO(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
  CHECK(pick_axis("repeat").promise == Promise::bitwise);
  CHECK(pick_axis("seed").promise == Promise::statistical);
  CHECK(pick_axis("batch-order").promise == Promise::statistical);
  CHECK(pick_axis("stream").promise == Promise::bitwise);
  for (const auto* name : {"threads", "isa", "mkl", "onednn", "determinism", "precision", "blas",
                           "cublas-workspace", "cudnn-benchmark", "device", "sdpa", "tf32"})
    CHECK(pick_axis(name).promise == Promise::numeric);
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
      {"device", "cuda:1", "device"},
      {"blas", "cublaslt", "blas-backend"},
      {"cublas-workspace", "unset", "cublas-workspace"},
      {"cudnn-benchmark", "on", "cudnn-benchmark"},
      {"stream", "pool", "stream"},
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

TEST_CASE("the axes tf32 and sdpa set every switch of theirs, whatever was set before") {
  Scratch scratch;
  const Plan base = small_recipe(scratch).defaults;
  const auto pins_after = [&](const char* axis, const char* before, const char* value) {
    Plan plan = base;
    pick_axis(axis).apply(plan, before);
    pick_axis(axis).apply(plan, value);
    return plan.pins;
  };
  const std::vector<std::array<const char*, 3>> tf32 = {
      {"off", "off", "highest"}, {"cudnn", "on", "highest"}, {"cublas", "off", "high"}, {"on", "on", "high"}};
  for (const auto& [value, cudnn, matmul] : tf32)
    for (const char* before : {"off", "on"}) {
      const Pins pins = pins_after("tf32", before, value);
      INFO(value << " after " << before);
      CHECK(pins.at("tf32-cudnn") == cudnn);
      CHECK(pins.at("matmul-precision") == matmul);
    }
  for (const std::string value : {"flash", "mem-efficient", "math", "cudnn"})
    for (const char* before : {"default", "cudnn", "math"}) {
      const Pins pins = pins_after("sdpa", before, value.c_str());
      for (const std::string kernel : {"flash", "mem-efficient", "math", "cudnn"}) {
        INFO(value << " after " << before << ": " << kernel);
        CHECK(pins.at("sdp-" + kernel) == (kernel == value ? "on" : "off"));
      }
    }
  CHECK(pins_after("sdpa", "cudnn", "default") == base.pins);
  CHECK_THROWS_WITH(pins_after("sdpa", "default", "flsh"), Contains("did you mean 'flash'?"));
  CHECK_THROWS_WITH(pins_after("tf32", "off", "maybe"), Contains("for axis tf32, found 'maybe'"));
}

TEST_CASE("an axis of a pin promises what the axis of that name promises") {
  CHECK(pick_axis("pin:seed").promise == Promise::statistical);
  CHECK(pick_axis("pin:stream").promise == Promise::bitwise);
  CHECK(pick_axis("pin:nnpack").promise == Promise::numeric);
}

TEST_CASE("an unknown axis, pin or value is told with what is known") {
  Scratch scratch;
  Plan plan = small_recipe(scratch).defaults;
  CHECK_THROWS_WITH(pick_axis("thread"),
                    Contains("no axis named 'thread'; did you mean 'threads'?") &&
                        Contains("known: arg:NAME, batch-order, blas, cpu, cublas-workspace"));
  CHECK_THROWS_WITH(pick_axis("nnpack"),
                    Contains("no axis named 'nnpack', but a pin; write --axis pin:nnpack="));
  CHECK_THROWS_WITH(pick_axis("pin:nnpak"), Contains("no pin named 'nnpak'; did you mean 'nnpack'?"));
  CHECK_THROWS_WITH(pick_axis("isa").apply(plan, "avx1024"),
                    Contains("wanted one of auto, default, avx2, avx512 for pin isa"));
  CHECK_THROWS_WITH(pick_axis("repeat").apply(plan, "0"), Contains("axis repeat, found '0'"));
  CHECK_THROWS_WITH(pick_axis("batch-order").apply(plan, "file:/nowhere.txt"),
                    Contains("no batch-order file at /nowhere.txt"));
}
