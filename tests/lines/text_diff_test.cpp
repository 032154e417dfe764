// SPDX-License-Identifier: Apache-2.0
// Printed texts, line by line: which numbers differ, and what is only in another place.
#include <catch2/catch.hpp>
#include <string>

#include "harness/lines/line_match.h"
#include "harness/lines/text_diff.h"
#include "harness/lines/text_lines.h"

using namespace reprise;

namespace {

std::string first_number(const TextDiff& diff) {
  REQUIRE_FALSE(diff.shown.empty());
  REQUIRE_FALSE(diff.shown[0].numbers.empty());
  const auto& number = diff.shown[0].numbers[0];
  return number.word + " " + number.a + " " + number.b;
}

}  // namespace

TEST_CASE("a number that differs is told with its word and line") {
  const auto diff = compare_texts("start\naccuracy 0.7560\n", "start\naccuracy 0.7480\n", false);
  CHECK_FALSE(diff.same());
  CHECK(diff.differing == 1);
  CHECK(diff.shown[0].line_a == 2);
  CHECK(first_number(diff) == "accuracy 0.7560 0.7480");
  CHECK(first_number(compare_texts("{\"acc\": 0.75}", "{\"acc\": 0.5}", false)) == "acc 0.75 0.5");
  CHECK(first_number(compare_texts("/tmp/a.pt: top 1 of 2", "/tmp/b.pt: top 3 of 2", false)) == "top 1 3");
}

TEST_CASE("lines that differ only in what is left out are equal, and that is told") {
  const auto diff = compare_texts("elapsed  9.5s\nacc 1\n", "elapsed 12.3s\nacc 1\n", false);
  CHECK(diff.same());
  CHECK(diff.left_out == 1);
  REQUIRE(diff.left_out_first.has_value());
  CHECK(diff.left_out_first->text_b == "elapsed 12.3s");
  CHECK(compare_texts("acc 1", "acc 1", false).left_out == 0);
}

TEST_CASE("the same lines in another order are no other numbers") {
  const auto diff =
      compare_texts("rank 0 loss 0.5\nrank 1 loss 0.6\n", "rank 1 loss 0.6\nrank 0 loss 0.5\n", false);
  CHECK(diff.same());
  CHECK(diff.other_order);
  CHECK_FALSE(compare_texts("a 1\n", "a 1\n", false).other_order);
}

TEST_CASE("of several processes lines are matched by what they say, of one by where they stand") {
  const std::string a = "rank 0 loss 0.5\nrank 1 loss 0.6\nrank 0 loss 0.4\n",
                    b = "rank 1 loss 0.6\nrank 0 loss 0.5\nrank 0 loss 0.3\n";
  const auto ranks = compare_texts(a, b, true);
  CHECK(ranks.differing == 1);
  CHECK(first_number(ranks) == "loss 0.4 0.3");
  const auto moved = compare_texts("correct 756\ncorrect 800\n", "correct 800\ncorrect 810\n", false);
  CHECK(moved.differing == 2);
  CHECK(first_number(moved) == "correct 756 800");
}

TEST_CASE("a line that one side alone has moves no other") {
  const auto diff = compare_texts("step 1 loss 0.5\nstep 2 loss 0.4\nacc 0.9\n",
                                  "step 1 loss 0.5\nsaved a.pt\nstep 2 loss 0.4\nacc 0.8\n", false);
  CHECK(diff.differing == 1);
  CHECK(first_number(diff) == "acc 0.9 0.8");
  CHECK(diff.alone_a == 0);
  CHECK(diff.alone_b == 1);
  CHECK(diff.shown[1].text_b == "saved a.pt");
  CHECK(diff.shown[1].line_a == 0);
  const auto words = compare_texts("best: linear\nend", "best: forest\nend", false);
  CHECK(words.differing == 1);
  CHECK(words.shown[0].numbers.empty());
}

TEST_CASE("empty, binary and endless texts are compared as far as they go") {
  CHECK(compare_texts("", "", false).same());
  const auto none = compare_texts("", "acc 1\n", false);
  CHECK(none.alone_b == 1);
  const auto odd = compare_texts(std::string("a\xff\x00"
                                             "b 1\n",
                                             7),
                                 std::string("a\xff\x00"
                                             "b 2\n",
                                             7),
                                 false);
  CHECK(odd.differing == 1);
  CHECK(odd.shown[0].text_a == "a??b 1");
  CHECK_FALSE(lines_of("a\nb\nc\n", 2).whole);
  CHECK(lines_of("a\nb\nc\n", 3).whole);
  CHECK(shown_line(std::string(500, 'x')).size() == 203);
}

TEST_CASE("long texts that differ everywhere are matched in bounded time") {
  std::string a, b;
  for (int i = 0; i < 20000; ++i) {
    a += "step " + std::to_string(i) + " loss 0." + std::to_string(i) + "\n";
    b += "step " + std::to_string(i) + " loss 0." + std::to_string(i + 1) + "\n";
  }
  b += "extra\n";
  const auto diff = compare_texts(a, b, false);
  CHECK(diff.differing == 20000);
  CHECK(diff.alone_b == 1);
  CHECK(diff.shown.size() <= 40);
  CHECK(match_lines(lines_of(a).lines, lines_of(b).lines, true).pairs.size() == 20000);
}
