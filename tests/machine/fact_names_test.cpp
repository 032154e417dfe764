// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/fact_names.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("the longest prefix says what a fact is of") {
  CHECK(fact_of("cpu.model") == FactOf::machine);
  CHECK(fact_of("cpu.capability") == FactOf::choice);
  CHECK(fact_of("gpu.uuid") == FactOf::machine);
  CHECK(fact_of("gpu.index") == FactOf::choice);
  CHECK(fact_of("library.libtorch_cpu.so") == FactOf::machine);
  CHECK(fact_of("library.libreprise_cuda.so") == FactOf::choice);
  CHECK(fact_of("python.version") == FactOf::machine);
  CHECK(fact_of("python.executable") == FactOf::run);
  CHECK(fact_of("git.commit") == FactOf::run);
  CHECK(fact_of("of a newer version") == FactOf::run);
}

TEST_CASE("the table of facts is sorted, says what each is, and has nothing twice") {
  const auto table = fact_table();
  REQUIRE(table.size() > 10);
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO(table[i].begins);
    if (i > 0) CHECK(table[i - 1].begins < table[i].begins);
    CHECK(fact_of(table[i].begins) == table[i].of);
    CHECK_FALSE(table[i].what.empty());
  }
}
