// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/bisect_json.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace reprise;
using Json = nlohmann::json;

TEST_CASE("the JSON of a bisection holds the kernels of the guilty call, or null without CUDA") {
  Bisection found;
  found.side_a = "device=cuda:0";
  found.side_b = "device=cuda:1";
  found.found = Found::call;
  CHECK(Json::parse(bisection_json(found, "waves"))["kernels"].is_null());
  found.kernels.a = {true, "", {{"nvjet_tst_128x64", {4, 2, 1}, {128, 1, 1}, 4096, 40, 2}}};
  found.kernels.b = {true, "another profiler has CUPTI", {}};
  const Json kernels = Json::parse(bisection_json(found, "waves"))["kernels"];
  CHECK(kernels["same"].is_null());
  CHECK(kernels["a"]["launches"] == Json::parse(R"([{"name": "nvjet_tst_128x64", "library": "cuBLAS",
    "grid": [4, 2, 1], "block": [128, 1, 1], "shared": 4096, "registers": 40, "count": 2}])"));
  CHECK(kernels["b"]["untold"] == "another profiler has CUPTI");
  CHECK(kernels["b"]["launches"].empty());
}
