// SPDX-License-Identifier: Apache-2.0
// What a self-test found, as every format shows it, and a report that is void.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "reports/markup.h"
#include "reports/sample.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Report with(const std::optional<SelfTest>& test) {
  Evidence evidence = sample();
  evidence.closer.self_test = test;
  return evidence.report();
}

}  // namespace

TEST_CASE("a self-test that passed leaves the verdict and marks what was measured") {
  const Report report = with(sample_self_test());
  CHECK(marked(report, Mood::good, "self-test: 3 of 3 injected faults found"));
  CHECK(marked(report, Mood::good, "measured: watching did not change the run"));
  CHECK(
      marked(report, Mood::good, "restarted from what is digested, the training continued with equal bits"));
  CHECK(report.headline == sample().verdict.headline);
  CHECK(json_of(report)["self_test"]["rows"].size() == 5);
}

TEST_CASE("every format shows what was injected and what was found") {
  const Report report = with(sample_self_test());
  for (const auto& format : formats_for_people()) {
    INFO(format);
    const std::string text = unwrapped(rendered(report, format));
    CHECK_THAT(text, Contains("watching did not change the run"));
    CHECK_THAT(text, Contains("two samples of a batch exchanged at step 2"));
    CHECK_THAT(text, Contains("step 2, batch, x"));
  }
  CHECK_THAT(rendered(report, "junit"), Contains("<testsuite name=\"self-test\" tests=\"5\" failures=\"0\""));
  CHECK(json_of(report)["self_test"]["void"] == false);
}

TEST_CASE("a report whose self-test let a fault escape is void, and says so first") {
  const Report report = with(sample_self_test(Caught::escaped));
  CHECK(report.exit_code == 2);
  CHECK(report.mood == Mood::bad);
  CHECK(report.headline ==
        "This report is void: the self-test let a fault escape: one bit of one weight flipped after step 2: "
        "wanted step 2, weights, found step 3, optimizer.");
  CHECK(report.verdict.front() == "What it would say: " + sample().verdict.headline);
  CHECK_THAT(json_of(report)["next"].get<std::string>(), Contains("--self-test"));
  CHECK(marked(report, Mood::bad, "self-test: 2 of 3 injected faults found"));
  CHECK_THAT(rendered(report, "html"), Contains("<h1>This report is void"));
  CHECK_THAT(rendered(report, "md"), StartsWith("# This report is void"));
  CHECK_THAT(rendered(report, "console"), StartsWith("waves: this report is void"));
  CHECK_THAT(rendered(report, "junit"), Contains("<failure message=\"one bit of one weight flipped"));
  const auto json = json_of(report);
  CHECK(json["self_test"]["void"] == true);
  CHECK(json["exit_code"] == 2);
}

TEST_CASE("a run that watching changes, or that goes on otherwise, makes the report void in its own words") {
  const Report watched = with(sample_self_test(Caught::escaped, "watched"));
  CHECK_THAT(watched.headline,
             StartsWith("This report is void: the self-test failed: watching changed the run: "));
  CHECK(marked(watched, Mood::bad, "watching changed the run: found step 3, optimizer"));
  CHECK(watched.exit_code == 2);
  const Report resumed = with(sample_self_test(Caught::escaped, "resumed"));
  CHECK_THAT(resumed.headline,
             StartsWith("This report is void: the self-test failed: restarted from what is digested, the "
                        "training continued with other bits: "));
  CHECK(marked(resumed, Mood::bad, "continued with other bits"));
  SelfTest unnamed;
  unnamed.is_void = true;
  unnamed.sentence = "self-test: nothing was told";
  CHECK(with(unnamed).headline == "This report is void: self-test: nothing was told.");
}

TEST_CASE("what cannot be determined is neutral and says why") {
  const Report masked = with(sample_self_test(Caught::masked));
  CHECK(marked(masked, Mood::neutral, "self-test: 2 of 3 injected faults found"));
  CHECK(json_of(masked)["self_test"]["void"] == false);
  const auto suite = all_of<blocks::Checks>(masked).back();
  CHECK(suite.checks.at(0).mood == Mood::neutral);
  CHECK(suite.checks.at(0).result == "cannot be determined");
  CHECK(masked.headline == sample().verdict.headline);
  CHECK_THAT(rendered(masked, "junit"), Contains("<skipped message=\"one bit of one weight flipped"));
  CHECK(marked(
      with(sample_self_test(Caught::masked, "watched")), Mood::neutral,
      "whether watching changes the run: cannot be determined, since two equal plans gave other bits"));
  const Report untested = with(sample_self_test(Caught::untested, "resumed"));
  CHECK(marked(untested, Mood::neutral, "whether restarting changes the run: untested"));
  CHECK_FALSE(marked(untested, Mood::good, "restarted from what is digested"));
}

TEST_CASE("a report without a self-test says that it has none") {
  const Report none = with(std::nullopt);
  CHECK(marked(none, Mood::neutral, "self-test: not run"));
  CHECK_FALSE(marked(none, Mood::good, "watching"));
  CHECK(json_of(none)["self_test"].is_null());
  CHECK_THAT(rendered(none, "html"), !Contains("id=\"self-test\""));
}
