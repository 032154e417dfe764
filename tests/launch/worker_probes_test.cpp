// SPDX-License-Identifier: Apache-2.0
// What a worker says of the operators that it can probe.
#include "harness/launch/worker_probes.h"

#include <catch2/catch.hpp>

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("the list of a worker's probes is read") {
  const auto probes = probes_listed(
      R"({"programs": [], "probes": [{"name": "sum", "summary": "a sum", "family": "reduction", "rows": false}]})");
  REQUIRE(probes.size() == 1);
  CHECK(probes[0].name == "sum");
  CHECK(probes[0].family == "reduction");
  CHECK(probes_listed(R"({"probes": [3]})").empty());
  CHECK(probes_listed("a warning\n{\n\"probes\": [{\"name\": \"sum\"}]\n}\nanother\n").size() == 1);
}

TEST_CASE("any other text of a worker is refused") {
  for (const char* text : {"", "{}", "[1]", "{\"probes\": 3}", "{\"probes\": [", "Segmentation fault"})
    CHECK_THROWS_WITH(probes_listed(text), Contains("does not tell which operators"));
}
