// SPDX-License-Identifier: Apache-2.0
// What reprise did for a script stands in every format of a report that shows words, and changes no verdict.
#include <catch2/catch.hpp>

#include "reports/sample.h"

using namespace reprise;
using Catch::Contains;

namespace {

Evidence of_a_script(OwnRepeat result) {
  Evidence evidence = two_equal();
  OwnSeeds told;
  told.seeds.processes = {
      {"", "", {{"numpy.random", SeededBy::reprise, {}, 0, "NumPy: seeded only by reprise"}}, {}}};
  told.others = {
      {"workers=0", {true, {{"", "", {{"python.random", SeededBy::reprise, {}, 0, "Python drew"}}, {}}}}}};
  told.pair.result = result;
  told.pair.sentence = "what the pair shows.";
  told.alike = {{AlikeKind::epochs, true, "epochs in one order"}, {AlikeKind::ranks, false, "ranks alike"}};
  told.pinned = "Besides seeds, more was pinned.";
  evidence.closer.seeds = told;
  return evidence;
}

}  // namespace

TEST_CASE("who seeds, what that means, the pair and what is alike stand in every format for people") {
  const auto report = of_a_script(OwnRepeat::parts).report();
  for (const auto& format : formats_for_people()) {
    const std::string text = unwrapped(rendered(report, format));
    INFO(format);
    for (const std::string words :
         {"NumPy: seeded only by reprise", "Python drew", "Without reprise, the numbers of Python",
          "the numbers of NumPy would differ from run to run", "what the pair shows.", "epochs in one order",
          "ranks alike"})
      CHECK_THAT(text, Contains(words));
  }
}

TEST_CASE("of a configuration whose seeds are told otherwise each line says which it is") {
  const std::string text = unwrapped(rendered(of_a_script(OwnRepeat::parts).report(), "console"));
  CHECK_THAT(text, Contains("with workers=0, Python drew"));
  CHECK_THAT(text, Contains("With workers=0: Without reprise, the numbers of Python's random would differ"));
}

TEST_CASE("what a script does on its own is a mark and never a verdict") {
  const auto without = two_equal().report();
  for (const auto& [result, mood] :
       {std::pair{OwnRepeat::parts, Mood::bad}, std::pair{OwnRepeat::repeats, Mood::good},
        std::pair{OwnRepeat::untested, Mood::neutral}, std::pair{OwnRepeat::not_needed, Mood::neutral}}) {
    const auto report = of_a_script(result).report();
    CHECK(marked(report, mood, "what the pair shows."));
    CHECK(report.exit_code == without.exit_code);
    CHECK(report.headline == without.headline);
    const auto json = json_of(report);
    CHECK(json["seeds"]["own"]["result"] == to_text(result));
    CHECK(json["seeds"]["processes"][0]["generators"][0]["seeded_by"] == "only reprise");
    CHECK(json["seeds"]["alike"][0]["finding"] == true);
  }
  CHECK(json_of(without)["seeds"].is_null());
}

TEST_CASE("runs that part with a generator that nobody seeded are first told to seed it") {
  Evidence evidence = of_a_script(OwnRepeat::parts);
  FactorVerdict repeat;
  repeat.factor.name = "repeat";
  repeat.moved = true;
  repeat.finding = Finding::identical_until;
  repeat.kept = false;
  evidence.verdict.factors = {repeat};
  CHECK_THAT(json_of(evidence)["next"].get<std::string>(), !Contains("give a seed"));
  evidence.closer.seeds->seeds.processes[0].unseeded = {
      "a generator was made without a seed (train.py line 5)"};
  CHECK_THAT(json_of(evidence)["next"].get<std::string>(), Contains("give a seed to the generator"));
  CHECK(json_of(evidence)["next_command"] == "");
}
