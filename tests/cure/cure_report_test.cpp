// SPDX-License-Identifier: Apache-2.0
#include "reports/cure/cure_report.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports/cure/cure_members.h"
#include "reports/layout/charts.h"
#include "reports/layout/format.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

namespace {

Cure found_cure() {
  Cure cure;
  cure.recipe = "waves";
  cure.recipe_id = "0123456789abcdef0123456789abcdef";
  cure.axis = "threads";
  cure.sides = {"threads=1", "threads=2"};
  cure.answer = CureAnswer::found;
  cure.sentence =
      "With mkl=strict threads no longer moves the bits of waves, at 1.10 times the time of a step.";
  cure.few_steps = 20;
  cure.last_step = 200;
  cure.repeats = 2;
  const Attempt few{Attempt::Result::equal, 20, 1.2, ""}, whole{Attempt::Result::equal, 200, 1.1, ""};
  cure.tries = {
      {{{"mkl", "strict"}}, few, whole},
      {{{"onednn", "off"}}, {Attempt::Result::parts, 2, 1.0, ""}, std::nullopt},
      {{{"isa", "avx2"}, {"nnpack", "off"}}, few, std::nullopt},
      {{{"isa", "default"}}, {Attempt::Result::not_run, 0, std::nullopt, "it was killed"}, std::nullopt}};
  cure.front = {0};
  return cure;
}

std::string in_format(const Report& report, const std::string& format) {
  std::ostringstream out;
  pick(formats_shelf(), format, "format").render(report, out);
  return out.str();
}

}  // namespace

TEST_CASE("a cure is told with its front, its picture, every set tried, and the block to paste") {
  const Report report = cure_report(found_cure(), {"reprise", "cure", "waves", "--axis", "threads=1,2"});
  CHECK(report.exit_code == 0);
  const std::string page = in_format(report, "html");
  CHECK_THAT(page, Contains("<svg") && Contains("[pins]") && Contains("mkl = &quot;strict&quot;"));
  CHECK_THAT(page, Contains("reprise cure waves --axis threads=1,2"));
  const std::string text = in_format(report, "console");
  CHECK_THAT(text, Contains("[pins]") && Contains("1.10 times") && Contains("not confirmed") &&
                       Contains("it was killed"));
}

TEST_CASE("the JSON of a cure holds its answer, its front and all tries, with null for what is unknown") {
  const Json json = Json::parse(in_format(cure_report(found_cure(), {"reprise"}), "json"));
  CHECK(json["schema"] == cure_format);
  CHECK(json["answer"] == "found");
  REQUIRE(json["front"].size() == 1);
  CHECK(json["front"][0]["pins"] == Json{{"mkl", "strict"}});
  CHECK(json["front"][0]["step_time_ratio"] == 1.1);
  CHECK(json["front"][0]["paste"] == "[pins]\nmkl = \"strict\"\n");
  REQUIRE(json["tries"].size() == 4);
  CHECK(json["tries"][1]["state"] == "parts");
  CHECK(json["tries"][2]["state"] == "not confirmed");
  CHECK(json["tries"][2]["whole_run"].is_null());
  CHECK(json["tries"][3]["step_time_ratio"].is_null());
  CHECK(json["resists"].is_null());
}

TEST_CASE("none of these is exit code 1 and names what resists, with the pins that were set together") {
  Cure cure = found_cure();
  cure.answer = CureAnswer::none;
  cure.front.clear();
  cure.tries.resize(2);
  cure.tries[0] = cure.tries[1];
  cure.together = {{"mkl", "strict"}, {"onednn", "off"}};
  cure.resists = Bisection{};
  cure.resists->found = Found::call;
  cure.resists->side_a = "threads=1";
  cure.resists->side_b = "threads=2";
  cure.resists->sentence = "aten::native_layer_norm_backward, call 30 of step 1, backward";
  cure.resists->call_a = OpCall{};
  cure.resists->call_a->name = "aten::native_layer_norm_backward";
  const Report report = cure_report(cure, {"reprise"});
  CHECK(report.exit_code == 1);
  CHECK_THAT(in_format(report, "md"),
             Contains("What resists") && Contains("aten::native\\_layer\\_norm\\_backward") ||
                 Contains("aten::native_layer_norm_backward"));
  const Json json = Json::parse(in_format(report, "json"));
  CHECK(json["resists"]["operator"] == "aten::native_layer_norm_backward");
  CHECK(json["resists"]["pins"] == Json{{"mkl", "strict"}, {"onednn", "off"}});
}

TEST_CASE("a script is given variables and lines of Python instead of a block") {
  Cure cure = found_cure();
  cure.is_command = true;
  const std::string text = in_format(cure_report(cure, {"reprise"}), "console");
  CHECK_THAT(text, Contains("export MKL_CBWR=AUTO,STRICT") && !Contains("[pins]"));
}

TEST_CASE(
    "the picture of prices draws what holds full, what is not confirmed hollow, and nothing without "
    "numbers") {
  blocks::Prices prices{"caption", "label", "pin", {{"a=1", 1, 1.5}, {"b=1 c=1", 2, 0.9, false, false}}};
  const std::string chart = price_chart(prices);
  CHECK_THAT(chart, Contains("a=1: 1.50 times<") && Contains("b=1 c=1: 0.90 times, not confirmed"));
  CHECK_THAT(chart, Contains("1 pin<") && Contains("2 pins<"));
  CHECK(price_chart({}).empty());
}
