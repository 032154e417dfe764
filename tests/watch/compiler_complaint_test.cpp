// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/compiler_complaint.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("a linker's cause is told rather than that it returned 1") {
  CHECK(compiler_complaint({false,
                            "/usr/bin/ld: a.o: in function `f':\na.cpp:(.text+0x1): undefined reference to "
                            "`g()'\ncollect2: error: ld returned 1 exit status\n"}) ==
        "a.cpp:(.text+0x1): undefined reference to `g()'");
  CHECK(compiler_complaint({false, "odd words\ncollect2: error: ld returned 1 exit status\n"}) ==
        "collect2: error: ld returned 1 exit status");
}

TEST_CASE("a compiler that was ended says by what and not what it had printed") {
  CHECK(compiler_complaint({false, "a.cpp:1:1: error: x", "it was not done within 10 minutes"}) ==
        "it was not done within 10 minutes");
  CHECK(compiler_complaint({false, "a.cpp:1:1: error: x\n"}) == "a.cpp:1:1: error: x");
  CHECK(compiler_complaint({false, "\n"}) == "it printed nothing");
}
