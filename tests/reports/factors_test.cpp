// SPDX-License-Identifier: Apache-2.0
// How far apart the bits are that a value moved, beside its verdict, where a bisection measured it.
#include <catch2/catch.hpp>

#include "reports/sample.h"

using namespace reprise;

namespace {

Growth measured(GrowthWord word, double ratio) {
  Growth growth;
  growth.word = word;
  growth.ratio = ratio;
  growth.from = 1;
  return growth;
}

// The sample, where the bisection of baseline and `side` measured that.
Evidence with_growth(const std::string& side, const Growth& growth) {
  Evidence evidence = sample();
  evidence.closer.bisections = {sample_bisection("baseline", side)};
  evidence.closer.bisections[0].growth = growth;
  return evidence;
}

std::string distance_in(const Evidence& evidence, const std::string& factor, std::size_t value) {
  const auto json = json_of(evidence);
  for (const auto& one : json["factors"])
    if (one["name"] == factor) return one["by_value"].at(value)["distance"];
  return "no such factor";
}

}  // namespace

TEST_CASE("a bisection's distance stands beside the verdict of the one value that it was made for") {
  const Evidence evidence = with_growth("threads=2", measured(GrowthWord::as_rounding, 1.4));
  const std::string words =
      "no farther apart than rounding makes (at most 1.4 times a control that was moved by one ULP)";
  CHECK(distance_in(evidence, "threads", 0) == words);
  CHECK(distance_in(evidence, "isa", 0).empty());
  CHECK(distance_in(evidence, "isa", 1).empty());
  CHECK(distance_in(evidence, "seed", 0).empty());
  CHECK_THAT(unwrapped(rendered(evidence.report(), "console")), Catch::Contains("; " + words));
  CHECK_THAT(rendered(evidence.report(), "html"), Catch::Contains(words));
  // The verdict itself is what the statistics gave.
  const auto without = json_of(sample()), beside = json_of(evidence);
  for (std::size_t i = 0; i < without["factors"].size(); ++i)
    CHECK(without["factors"][i]["verdict"] == beside["factors"][i]["verdict"]);
  CHECK(without["exit_code"] == beside["exit_code"]);
}

TEST_CASE("a bisection of two configurations that differ in more than one factor says nothing of either") {
  const Evidence evidence = with_growth("threads=2 mkl=strict", measured(GrowthWord::beyond, 4e6));
  for (const std::string factor : {"threads", "mkl", "isa"}) CHECK(distance_in(evidence, factor, 0).empty());
}

TEST_CASE("of values that part at several steps the factor's verdict is that of the first step") {
  Evidence evidence = sample();
  FactorVerdict& isa = evidence.verdict.factors[2];
  REQUIRE(isa.values.size() == 2);
  isa.finding = Finding::identical_until;
  for (auto& value : isa.values) value.finding = Finding::identical_until;
  isa.values[0].step = 36;
  isa.values[1].step = 3;
  const auto json = json_of(evidence);
  CHECK(json["factors"][2]["verdict"] == "identical until step 3");
}

TEST_CASE("each distance has its words, and one that was not measured none") {
  CHECK(distance_in(with_growth("threads=2", measured(GrowthWord::beyond, 3.5e6)), "threads", 0) ==
        "far beyond rounding from step 1 (up to 3,500,000 times a control that was moved by one ULP)");
  CHECK_THAT(distance_in(with_growth("threads=2", measured(GrowthWord::between, 240)), "threads", 0),
             Catch::StartsWith("farther apart than rounding makes, not far beyond it"));
  CHECK(distance_in(with_growth("threads=2", measured(GrowthWord::beyond, HUGE_VAL)), "threads", 0) ==
        "not finite from step 1");
  CHECK(distance_in(with_growth("threads=2", Growth()), "threads", 0).empty());
}
