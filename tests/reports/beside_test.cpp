// SPDX-License-Identifier: Apache-2.0
// What runs printed and left stands beside the verdict, in every format.
#include <catch2/catch.hpp>

#include "reports/markup.h"
#include "reports/sample.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

BesidePair pair_of(const std::string& a, const std::string& b) {
  BesidePair pair;
  pair.b = 1;
  pair.printed = compare_texts(a, b, false);
  return pair;
}

Evidence with(const BesidePair& pair) {
  Evidence evidence = two_equal();
  evidence.closer.beside = Beside{{pair}, 0};
  return evidence;
}

FileDiff value_that_differs() {
  FileDiff file{"evaluation.pt", "evaluation.pt", LeftResult::differs};
  file.differing = 1;
  file.values = {{"accuracy", false, "0.756", "0.748"}};
  return file;
}

}  // namespace

TEST_CASE("the headline names what differs beside equal weights, and the verdict stays") {
  BesidePair pair = pair_of("accuracy 0.7560\n", "accuracy 0.7480\n");
  pair.files = {value_that_differs()};
  const Evidence evidence = with(pair);
  const Report report = evidence.report();
  CHECK_THAT(report.headline,
             Contains("identical, bit for bit") &&
                 Contains(", but what they printed and left differs: accuracy printed 0.7560 and "
                          "0.7480 (line 1); evaluation.pt: accuracy 0.756 and 0.748."));
  CHECK(report.exit_code == evidence.verdict.exit_code);
  CHECK(report.mood == Mood::neutral);
  for (const auto& format : formats_for_people()) {
    INFO(format);
    CHECK_THAT(unwrapped(rendered(report, format)), Contains("accuracy printed 0.7560 and 0.7480"));
  }
  CHECK_THAT(rendered(report, "junit"), Contains("testsuite name=\"beside\"") && Contains("skipped=\"2\""));
  const Json json = json_of(report)["beside"];
  CHECK_THAT(json["differs"].get<std::string>(), Contains("evaluation.pt"));
  CHECK(json["pairs"][0]["printed"] == "differs");
  CHECK(json["pairs"][0]["printed_lines"]["shown"][0]["numbers"][0] ==
        Json{{"word", "accuracy"}, {"a", "0.7560"}, {"b", "0.7480"}});
  CHECK(json["pairs"][0]["files"][0]["values"][0]["name"] == "accuracy");
}

TEST_CASE("that all that was printed and left is equal is said, with how much that is, and only then") {
  BesidePair pair = pair_of("accuracy 0.7560\nbye\n", "accuracy 0.7560\nbye\n");
  pair.files = {{"model.pt", "model.pt", LeftResult::equal}};
  const std::string words = "What they printed (2 lines) and left (1 file seen) is equal too.";
  CHECK_THAT(unwrapped(rendered(with(pair).report(), "console")), Contains(words));
  pair.files_reason = "2 files that they left were too many to compare";
  CHECK_THAT(unwrapped(rendered(with(pair).report(), "console")), !Contains("is equal too"));
  CHECK_THAT(unwrapped(rendered(with(pair_of("a 1\n", "a 2\n")).report(), "console")),
             !Contains("is equal too"));
}

TEST_CASE("another order is not said to be equal, and what the rule left out is said with what is equal") {
  BesidePair pair = pair_of("a\n", "a\n");
  pair.files = {{"log.txt", "log.txt", LeftResult::other_order}};
  CHECK_THAT(unwrapped(rendered(with(pair).report(), "console")), !Contains("is equal too"));
  CHECK_THAT(unwrapped(rendered(with(pair_of("done in 3.2s\n", "done in 4.1s\n")).report(), "console")),
             Contains("is equal too, but for times, paths and the like in 1 line, which are left out."));
}

TEST_CASE("what was printed alike is said below the headline, and what was not compared") {
  const Report same = with(pair_of("acc 1\n", "acc 1\n")).report();
  CHECK(same.headline == two_equal().report().headline);
  CHECK(same.mood == two_equal().report().mood);
  CHECK_THAT(same.verdict.back(), Contains("They printed the same 1 line"));
  BesidePair untold;
  untold.b = 1;
  untold.printed_reason = "log.txt is not there";
  const Report open = with(untold).report();
  CHECK_THAT(open.verdict.back(), Contains("Not compared beside the training: log.txt is not there"));
  CHECK(json_of(open)["beside"]["pairs"][0]["printed"] == "not compared");
}

TEST_CASE("runs of other bits print other numbers, and that is no headline") {
  Evidence evidence = sample();
  BesidePair pair = pair_of("acc 1\n", "acc 2\n");
  pair.b = evidence.diff.classes[1].members.front();
  pair.same_class = false;
  evidence.closer.beside = Beside{{pair}, 0};
  CHECK(evidence.report().headline == sample().report().headline);
  CHECK(json_of(evidence)["beside"]["differs"] == "");
  pair.b = evidence.diff.classes[0].members[1];
  pair.same_class = true;
  evidence.closer.beside = Beside{{pair}, 0};
  CHECK_THAT(evidence.report().headline,
             Contains(". Of runs with equal bits, what they printed differs: acc printed"));
}

TEST_CASE("a printed line that attacks a page or a terminal stays a text") {
  const std::string attack = "<script>alert(1)</script> \x1b[2J\xff & \"x\" ";
  const Report report = with(pair_of(attack + "1\n", attack + "2\n")).report();
  CHECK(rendered(report, "html").find("<script>alert") == std::string::npos);
  for (const auto& format : formats_for_people()) {
    INFO(format);
    CHECK(rendered(report, format).find('\x1b') == std::string::npos);
    CHECK(rendered(report, format).find('\xff') == std::string::npos);
  }
  CHECK_NOTHROW(json_of(report));
}

TEST_CASE("runs of no command have no such results") {
  CHECK(json_of(sample())["beside"].is_null());
  CHECK(rendered(sample().report(), "html").find("Printed and left") == std::string::npos);
}
