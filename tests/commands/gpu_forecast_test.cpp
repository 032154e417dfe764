// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/gpu_forecast.h"

#include <catch2/catch.hpp>

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Gpu made_gpu(int index, const char* name, int processors, int minor) {
  Gpu gpu;
  gpu.index = index;
  gpu.name = name;
  gpu.uuid = "GPU-" + std::to_string(index);
  gpu.major = 8;
  gpu.minor = minor;
  gpu.processors = processors;
  gpu.threads_per_processor = 1536;
  return gpu;
}

GpuList made_list() {
  GpuList list;
  list.cuda = 13000;
  list.gpus = {made_gpu(0, "A10G", 80, 6), made_gpu(1, "L4", 58, 9), made_gpu(2, "A10G", 80, 6)};
  return list;
}

Plan plan_on(const char* device, const char* rng = "device") {
  Plan plan;
  plan.pins = default_pins();
  plan.pins["device"] = device;
  plan.pins["rng"] = rng;
  return plan;
}

}  // namespace

TEST_CASE("two cards among the plans are forecast before they run, each pair once") {
  const auto forecasts = gpu_forecasts(
      {plan_on("cuda:0"), plan_on("cuda:L4"), plan_on("cuda:GPU-0"), plan_on("cuda:1")}, made_list());
  REQUIRE(forecasts.size() == 2);  // A10G and L4, in both orders
  CHECK_THAT(forecasts[0], Contains("expected: A10G draws 122880 numbers at once and L4 89088") &&
                               Contains("more than 89088"));
  const auto null_test = gpu_forecasts({plan_on("cuda:0"), plan_on("cuda:2")}, made_list());
  REQUIRE(null_test.size() == 1);
  CHECK_THAT(null_test[0], Contains("expect zero differences"));
}

TEST_CASE(
    "nothing is forecast of one device, of a device that is not here, or of plans that differ in more") {
  CHECK(gpu_forecasts({plan_on("cuda:0"), plan_on("cuda:0")}, made_list()).empty());
  CHECK(gpu_forecasts({plan_on("cpu"), plan_on("cpu")}, made_list()).empty());
  CHECK(gpu_forecasts({plan_on("cuda:0"), plan_on("cuda:7")}, made_list()).empty());
  CHECK(gpu_forecasts({plan_on("cuda:0"), plan_on("cuda:1", "harness")}, made_list()).empty());
  GpuList none;
  none.trouble = "no driver";
  CHECK(gpu_forecasts({plan_on("cuda:0"), plan_on("cuda:1")}, none).empty());
  CHECK(gpu_forecasts({plan_on("cpu"), plan_on("cuda:1")}, made_list()).size() == 1);
}
