// SPDX-License-Identifier: Apache-2.0
// Which rank left a collective call out, by what each one's recorder counted.
#include "harness/left/collectives.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

namespace {

RankCalls counted(const std::string& rank, const std::string& text, std::int64_t steps = 8) {
  const Scratch folder;
  write_atomically(folder / collectives_name, text);
  const auto found = rank_calls_in(folder.path(), rank, steps);
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("numbers of collective calls are read by step") {
  const RankCalls calls = counted("1", "2 3\n3 1\n5 0\n6 1\n", 7);
  CHECK_FALSE(calls.in(1));
  CHECK(calls.in(2) == 3);
  CHECK(calls.in(4) == 1);
  CHECK(calls.in(5) == 0);
  CHECK(calls.in(7) == 1);
  CHECK_FALSE(calls.in(8));
}

TEST_CASE("a file that is none of these tells nothing") {
  const Scratch folder;
  CHECK_FALSE(rank_calls_in(folder.path(), "0", 3));
  for (const char* text : {"", "1", "1 x\n", "1 2 3\n"}) {
    write_atomically(folder / collectives_name, text);
    CHECK_FALSE(rank_calls_in(folder.path(), "0", 3));
  }
}

TEST_CASE("the rank that left a call out is named with the step") {
  const auto first = counted("0", "1 4\n2 3\n3 1\n"), second = counted("1", "1 4\n2 3\n3 1\n5 0\n6 1\n");
  CHECK(uneven_calls({first, second}) ==
        "in step 5 rank 1 began no collective call and rank 0 began 1 collective call, where each began 1 "
        "collective call in step 4");
  CHECK(
      uneven_calls({first, second, counted("2", "1 4\n2 3\n3 1\n")}) ==
      "in step 5 rank 1 began no collective call and ranks 0, 2 began 1 collective call, where each began 1 "
      "collective call in step 4");
  CHECK(uneven_calls({first, counted("1", "1 3\n")}) ==
        "in step 1 rank 1 began 3 collective calls and rank 0 began 4 collective calls");
}

TEST_CASE("nothing is told of equal numbers, of steps that not all ranks made, and of one rank") {
  const auto first = counted("0", "1 1\n"), second = counted("1", "1 1\n5 0\n", 4);
  CHECK(uneven_calls({first, second}).empty());
  CHECK(uneven_calls({first}).empty());
  CHECK(uneven_calls({first, counted("1", "3 1\n")}).empty());
}
