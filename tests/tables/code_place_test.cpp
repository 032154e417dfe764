// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/code_place.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("a place in a script is told by file and line, and by its function where the line is not known") {
  CodePlace place;
  place.file = "train.py";
  place.line = 18;
  place.function = "Block.forward";
  place.source = "x = self.ln_1(x)";
  CHECK(short_text(place) == "train.py:18");
  CHECK(to_text(place) == "train.py:18 in Block.forward: x = self.ln_1(x)");
  place.function = "<module>";
  CHECK(to_text(place) == "train.py:18: x = self.ln_1(x)");
  place.function = "Block.forward";
  place.line = 0;
  CHECK(to_text(place) == "train.py in Block.forward (compiled, so which line is not known)");
}
