// SPDX-License-Identifier: Apache-2.0
// What a bisection and a self-test found, as every format shows it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/charts.h"
#include "reports/compose.h"
#include "reports/sample.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

SelfTestRow row(const std::string& name, Caught result) {
  return {name,
          name + " sown",
          "step 2, weights",
          "step 2, weights, fc1.weight",
          result,
          name + ": wanted and found"};
}

SelfTest self_test(Caught flip) {
  SelfTest test;
  test.rows = {row("flip-bit", flip), row("swap-samples", Caught::caught), row("change-seed", Caught::caught),
               row("watched", Caught::caught), row("resumed", Caught::caught)};
  test.is_void = flip == Caught::escaped;
  test.sentence = "self-test: some of 3 sown faults found";
  return test;
}

Bisection bisection(const Evidence& evidence) {
  Bisection found;
  found.side_a = evidence.diff.traces[evidence.diff.classes[0].members[0]].name;
  found.side_b = evidence.diff.traces[evidence.diff.classes[1].members[0]].name;
  found.found = "operator";
  found.sentence = "aten::addmm, call 14 of step 1, backward";
  found.split.kind = SplitKind::result;
  found.around = {{CallLine::State::equal, 13, 0, "aten::t", "backward", ""},
                  {CallLine::State::guilty, 14, 1, "aten::addmm", "backward", "fc2"},
                  {CallLine::State::differs, 15, 0, "aten::sum", "backward", ""}};
  OutputDistance output;
  output.shape = {10, 10};
  output.distance = {"output/0", 100, 31, 2, 1e-8, 1e-9};
  output.first = ElementPair{{0, 7}, 0.0132415239, 0.0132415248, "0x3c58f3b1", "0x3c58f3b2"};
  output.ulp = {{1, 1, 30}, {2, 2, 1}};
  output.rounded = Rounded{100, 75, 50};
  found.distance = CallDistance{"aten::addmm", true, {output}, 1};
  found.reasons = {{"the sums are split by threads", "an issue"}};
  found.remedies = {{"mkl=strict", true, true, 11, 1.03, ""}, {"onednn=off", true, false, 11, 1.5, ""}};
  found.reruns_a = found.reruns_b = 2;
  return found;
}

Report looked_at(const CloserLook& closer) {
  const Evidence evidence = sample();
  return compose(evidence.diff, evidence.verdict, evidence.matrix, evidence.metric, closer);
}

bool marked(const Report& report, Mood mood, const std::string& words) {
  return std::ranges::any_of(report.marks, [&](const Mark& mark) {
    return mark.mood == mood && mark.text.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("the operator stands in the title of the pair it parts, with its numbers and what was pinned") {
  const Report report = looked_at({self_test(Caught::caught), {bisection(sample())}});
  REQUIRE(report.partings[0].operation);
  CHECK_THAT(report.partings[0].title, Contains("by aten::addmm, call 14 of step 1, backward"));
  const auto& part = *report.partings[0].operation;
  CHECK(part.calls.size() == 3);
  CHECK(part.calls[1].state == "guilty");
  REQUIRE(part.distances);
  CHECK(part.distances->rows[0][3] == "[0, 7]");
  CHECK_THAT(part.distances->rows[0][4], Contains("0x3c58f3b1"));
  CHECK(part.distances->rows[0][7] == "75.0 %");
  REQUIRE(part.remedies);
  CHECK(part.remedies->rows[0] == std::vector<std::string>{"mkl=strict", "yes, up to step 11", "1.03 times"});
  CHECK_FALSE(report.partings[1].operation);
}

TEST_CASE("every format shows the operator and the self-test") {
  const Report report = looked_at({self_test(Caught::caught), {bisection(sample())}});
  for (const std::string format : {"console", "html", "json", "md"}) {
    INFO(format);
    const std::string text = rendered(report, format);
    CHECK_THAT(text, Contains("aten::addmm") && Contains("mkl=strict"));
    CHECK_THAT(text, Contains("watching did not change the run"));
  }
  CHECK_THAT(rendered(report, "junit"), Contains("name=\"flip-bit\""));
  const auto json = nlohmann::json::parse(rendered(report, "json"));
  CHECK(json["partings"][0]["operator"]["calls"].size() == 3);
  CHECK(json["partings"][1]["operator"].is_null());
  CHECK(json["self_test"]["void"] == false);
}

TEST_CASE("a report whose self-test let a fault escape is void, and says so first") {
  const Report report = looked_at({self_test(Caught::escaped), {}});
  CHECK(report.exit_code == 2);
  CHECK(report.mood == Mood::bad);
  CHECK_THAT(report.headline, Contains("This report is void") && Contains("flip-bit: wanted and found"));
  CHECK(marked(report, Mood::bad, "self-test"));
  CHECK_THAT(rendered(report, "html"), Contains("This report is void"));
  CHECK_THAT(rendered(report, "junit"), Contains("<failure message=\"flip-bit"));
}

TEST_CASE("what cannot be told is neutral, and a report without a self-test says that it has none") {
  const Report masked = looked_at({self_test(Caught::masked), {}});
  CHECK(marked(masked, Mood::neutral, "self-test"));
  CHECK_FALSE(masked.self_test->is_void);
  CHECK(marked(looked_at({}), Mood::neutral, "self-test: not run"));
  CHECK_FALSE(looked_at({}).self_test);
}

TEST_CASE("the picture of calls has a title on every mark and escapes names") {
  const std::string svg = calls_chart({{"guilty", 3, 0, "planted::<sum>", "forward", "h.0"}});
  CHECK_THAT(svg, Contains("<title>call 3, planted::&lt;sum&gt;: guilty, forward, in h.0</title>"));
  CHECK_THAT(svg, !Contains("<sum>"));
}
