// SPDX-License-Identifier: Apache-2.0
// Where ranks stand, and whom the others wait for.
#include "harness/trace/rank_marks.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "harness/trace/batch_share.h"
#include "scratch.h"

using namespace reprise;

TEST_CASE("what ranks wrote of themselves is read again, whichever wrote first") {
  const Scratch scratch;
  const auto file = scratch / rank_marks_name;
  const RankMarks marks(file, 3);
  CHECK(rank_marks_in(file) == std::vector<RankMark>(3));
  marks.write(2, {7, true});
  marks.write(0, {6, false});
  CHECK(rank_marks_in(file) == std::vector<RankMark>{{6, false}, {0, false}, {7, true}});
  marks.write(0, {8, true});
  CHECK(rank_marks_in(file) == std::vector<RankMark>{{8, true}, {0, false}, {7, true}});
  CHECK(rank_marks_in(scratch / "none").empty());
  write_atomically(scratch / "other", "not such a file\n");
  CHECK(rank_marks_in(scratch / "other").empty());
}

TEST_CASE("the rank that the others wait for is named with its last step") {
  CHECK(sentence_of(std::vector<RankMark>{{2, true}, {2, false}, {2, true}}) ==
        "rank 1 did not come to the sum of step 3 (its last step was 2), for which ranks 0, 2 waited");
  CHECK(sentence_of(std::vector<RankMark>{{5, true}, {4, false}, {4, false}}) ==
        "ranks 1, 2 did not come to the sum of step 6, for which rank 0 waited");
  CHECK(sentence_of(std::vector<RankMark>{{5, true}, {5, true}}) == "all 2 ranks were in the sum of step 6");
  CHECK(sentence_of(std::vector<RankMark>{{5, false}, {4, false}}) ==
        "the last steps of its 2 ranks were 5, 4");
  CHECK(sentence_of(std::vector<RankMark>{}).empty());
}

TEST_CASE("a rank's share of the batch is one part of as many as there are ranks") {
  Plan plan;
  CHECK(batch_share(plan) == 0);
  plan.batch = 100;
  CHECK(batch_share(plan) == 100);
  plan.placement.ranks = 4;
  CHECK(batch_share(plan) == 25);
}
