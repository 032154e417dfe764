// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/row_part.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("the name of a row part tells the weight and which rows of how many") {
  const auto part = row_part("0.weight [rows 17 to 32 of 32]");
  REQUIRE(part);
  CHECK(part->tensor == "0.weight");
  CHECK(part->first == 17);
  CHECK(part->last == 32);
  CHECK(part->of == 32);
}

TEST_CASE("a shard is told to be of its weight and any other name is its own") {
  CHECK(whole_name("0.weight [shard 1 of 2 along axis 0]") == "0.weight");
  CHECK(whole_name("0.weight") == "0.weight");
}

TEST_CASE("what is not wholly such a name is no row part") {
  for (const char* name : {"0.weight", "0.weight [shard 1 of 2 along axis 0]", "w [rows 1 to 2 of 2] x",
                           "w [rows 0 to 2 of 2]", "w [rows 3 to 2 of 4]", "w [rows 1 to 5 of 4]",
                           "w [rows 1 to 2]", "w [rows a to b of c]", "w [rows 1 to 2 of 3"})
    CHECK_FALSE(row_part(name));
  CHECK_FALSE(is_row_part({Stage::optimizer, "w [rows 1 to 2 of 2]", "F32", {2}}));
  CHECK(is_row_part({Stage::weights, "w [rows 1 to 2 of 2]", "F32", {2}}));
}
