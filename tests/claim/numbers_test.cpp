// SPDX-License-Identifier: Apache-2.0
// Numbers out of what programs print and leave.
#include "harness/judge/claim/numbers.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a pattern takes one number from each line that matches") {
  const std::string text =
      "step 0: train loss 4.2, val loss 4.1\nsaving\nstep 250: train loss 2.1, val loss 2.25\n";
  CHECK(numbers_in_text(text, "val loss ([0-9.]+)") == std::vector<double>{4.1, 2.25});
  CHECK(numbers_in_text("accuracy 97\n", "accuracy ([0-9.]+)") == std::vector<double>{97});
  CHECK(numbers_in_text("val 1.5e-3", "val (\\S+)") == std::vector<double>{1.5e-3});
  CHECK(std::isnan(numbers_in_text("val nan", "val (\\S+)").front()));
}

TEST_CASE("a pattern that means nothing, or two things, is refused") {
  CHECK_THROWS_WITH(numbers_in_text("a\nb\n", "val ([0-9.]+)"),
                    Contains("no line of the 3 that there are matches"));
  CHECK_THROWS_WITH(numbers_in_text("loss 1.0 loss 2.0\n", "loss ([0-9.]+)"),
                    Contains("matches 2 times in line 1"));
  CHECK_THROWS_WITH(numbers_in_text("loss 1.2.3\n", "loss ([0-9.]+)"),
                    Contains("takes '1.2.3', which is no number"));
  CHECK_THROWS_WITH(check_place({"loss", "", ""}), Contains("one group"));
  CHECK_THROWS_WITH(check_place({"(a)(b)", "", ""}), Contains("found 2 groups"));
  CHECK_THROWS_WITH(check_place({"loss (", "", ""}), Contains("is no regular expression"));
  CHECK_THROWS_WITH(check_place({"", "", "loss"}), Contains("wanted a file"));
  CHECK_THROWS_WITH(check_place({"", "a.json", ""}), Contains("wanted what to read in a.json"));
  CHECK_THROWS_WITH(check_place({"(a)", "a.json", "b"}), Contains("found both"));
}

TEST_CASE("of a bar that was drawn over, what is seen at its end counts") {
  CHECK(numbers_in_text("loss 3.0\rloss 2.0\rloss 1.0\n", "loss ([0-9.]+)") == std::vector<double>{1.0});
}

TEST_CASE(
    "what is taken of several values is one of them, or their middle, and never hides one that is no "
    "number") {
  const std::vector<double> values = {3, 1, 2, 8};
  CHECK(taken(values, Take::last) == 8);
  CHECK(taken(values, Take::first) == 3);
  CHECK(taken(values, Take::min) == 1);
  CHECK(taken(values, Take::max) == 8);
  CHECK(taken(values, Take::mean) == 3.5);
  CHECK(taken(values, Take::median) == 2.5);
  CHECK_THROWS_WITH(taken(std::vector<double>{1, NAN}, Take::min), Contains("not a finite number"));
  CHECK_THROWS_AS(taken({}, Take::last), Error);
}

TEST_CASE("JSON gives the number at a key, of one object, a list, or one object a line") {
  CHECK(numbers_in_json(R"({"val": {"loss": 1.5}})", "val.loss") == std::vector<double>{1.5});
  CHECK(numbers_in_json(R"({"val.loss": 2})", "val.loss") == std::vector<double>{2});
  CHECK(numbers_in_json(R"([{"acc": 1}, {"other": 0}, {"acc": 3}])", "acc") == std::vector<double>{1, 3});
  CHECK(numbers_in_json("{\"acc\": 1}\n{\"acc\": 2}\n", "acc") == std::vector<double>{1, 2});
  CHECK(numbers_in_json(R"({"acc": [1, 2]})", "acc") == std::vector<double>{1, 2});
  CHECK_THROWS_WITH(numbers_in_json(R"({"acc": "high"})", "acc"),
                    Contains("wanted a number at 'acc', found string"));
  CHECK_THROWS_WITH(numbers_in_json(R"({"acc": 1})", "loss"), Contains("no number at 'loss'"));
  CHECK_THROWS_WITH(numbers_in_json("{\"acc\": 1", "acc"), Contains("neither JSON nor JSON lines"));
}

TEST_CASE("CSV gives the column of that name, without its empty cells") {
  const std::string text = "step,train_loss,\"val, loss\"\n0,2.0,\n1,,1.5\r\n2,1.0,1.25\n";
  CHECK(numbers_in_csv(text, "val, loss") == std::vector<double>{1.5, 1.25});
  CHECK(numbers_in_csv(text, "train_loss") == std::vector<double>{2, 1});
  CHECK_THROWS_WITH(numbers_in_csv(text, "train_los"), Contains("did you mean 'train_loss'?"));
  CHECK_THROWS_WITH(numbers_in_csv("a\nx\n", "a"), Contains("found 'x'"));
}

TEST_CASE("a key or a column that stands twice gives no number") {
  CHECK_THROWS_WITH(numbers_in_json(R"({"acc": 90, "acc": 95})", "acc"), Contains("'acc' stands twice"));
  CHECK_THROWS_WITH(numbers_in_json("{\"acc\": 90}\n{\"acc\": 90, \"acc\": 95}", "acc"), Contains("twice"));
  CHECK(numbers_in_json(R"([{"acc": 90}, {"acc": 95}])", "acc") == std::vector<double>{90, 95});
  CHECK_THROWS_WITH(numbers_in_csv("acc,acc\n90,95\n", "acc"), Contains("several columns 'acc'"));
}

TEST_CASE("the kind of a file is told by its content and name") {
  CHECK(numbers_in_file("[{\"a\": 1}]", {"", "m.json", "a"}) == std::vector<double>{1});
  CHECK(numbers_in_file("a\n1\n", {"", "m.csv", "a"}) == std::vector<double>{1});
  CHECK(numbers_in_file("a: 1\n", {"a: ([0-9]+)", "log.txt", ""}) == std::vector<double>{1});
}
