// SPDX-License-Identifier: Apache-2.0
// What a bisection found, as every format shows it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "reports/layout/call_lines.h"
#include "reports/layout/charts.h"
#include "reports/layout/wrap.h"
#include "reports/markup.h"
#include "reports/sample.h"

using namespace reprise;
using Json = nlohmann::json;
using Catch::Matchers::Contains;

namespace {

Evidence with(const Bisection& found) {
  Evidence evidence = sample();
  evidence.closer.bisections = {found};
  return evidence;
}

Bisection other(Found found, DivergenceKind kind, const std::string& sentence) {
  Bisection bisection;
  bisection.side_a = "baseline";
  bisection.side_b = "threads=2";
  bisection.found = found;
  bisection.divergence.kind = kind;
  bisection.sentence = sentence;
  return bisection;
}

Json part_with(const Bisection& found) { return json_of(with(found))["partings"][0]["operator"]; }

std::vector<Json> class_divergences_of(const Evidence& evidence) { return json_of(evidence)["partings"]; }

bool says(const Json& part, const std::string& words) {
  return std::ranges::any_of(part["sentences"], [&](const Json& one) {
    return one.get<std::string>().find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("the operator stands in the title of the pair it parts, with its numbers and what was pinned") {
  const Json report = json_of(sample());
  REQUIRE(report["partings"][0]["operator"].is_object());
  CHECK(report["partings"][0]["title"] ==
        "step 1: gradients of fc2.weight, by aten::addmm, call 14 of step 1, backward, in fc2");
  const Json part = report["partings"][0]["operator"];
  CHECK(part["kind"] == "result");
  CHECK(part["sentences"][0] == "Side A is baseline, side B is threads=2.");
  CHECK(part["sentences"][1] ==
        "Its inputs are equal on both sides, its outputs are not: 31 of 100 elements of output 0 differ, at "
        "most by 9 ULP.");
  CHECK(says(part, "Likely reason: the BLAS library splits a matrix product's sums by threads (a manual)."));
  CHECK(says(part, "Found with 2 reruns of side A and 2 reruns of side B, remedies aside."));
  CHECK(part["calls"].size() == 6);
  CHECK(part["calls"][3]["state"] == "guilty");
  CHECK(part["distances_of"] == "aten::addmm");
  REQUIRE(part["distances"].is_object());
  CHECK(part["distances"]["rows"][0] ==
        std::vector<std::string>{"0", "31", "100", "[0, 7]", "0.013241524 0x3c58f3b1",
                                 "0.013241525 0x3c58f3b2", "27 at 1, 3 at 2, 1 at 9 to 16", "75.0 %",
                                 "50.0 %"});
  REQUIRE(part["remedies"].is_object());
  CHECK(part["remedies"]["rows"][0] ==
        std::vector<std::string>{"mkl=strict", "yes, up to step 11", "1.03 times"});
  CHECK(part["remedies"]["rows"][1][1] == "no");
  CHECK(part["remedies"]["rows"][2][1] == "untested: it is what side A runs already");
  CHECK(part["remedies"]["rows"][2][2] == "not measured");
}

TEST_CASE("a bisection belongs to the classes of its sides alone, in either order") {
  const Json report = json_of(sample());
  for (std::size_t i = 1; i < report["partings"].size(); ++i)
    CHECK(report["partings"][i]["operator"].is_null());
  const Json turned = json_of(with(sample_bisection("seed=1", "threads=2")));
  REQUIRE(turned["partings"][4]["a"] == "B");
  REQUIRE(turned["partings"][4]["b"] == "D");
  REQUIRE(turned["partings"][4]["operator"].is_object());
  CHECK(turned["partings"][4]["operator"]["sentences"][0] == "Side A is seed=1, side B is threads=2.");
  CHECK(turned["partings"][0]["operator"].is_null());
  for (const auto& divergence : class_divergences_of(with(sample_bisection("baseline", "nobody"))))
    CHECK(divergence["operator"].is_null());
  for (const auto& divergence : class_divergences_of(with(sample_bisection("baseline", "repeat=2"))))
    CHECK(divergence["operator"].is_null());
}

TEST_CASE("every format shows the operator") {
  const Report report = sample().report();
  for (const auto& format : formats_for_people()) {
    INFO(format);
    const std::string text = rendered(report, format);
    CHECK_THAT(text, Contains("aten::addmm") && Contains("mkl=strict") && Contains("0x3c58f3b1"));
    CHECK_THAT(text, Contains("aten::mse"));
  }
  const Json json = json_of(report);
  CHECK(json["partings"][0]["operator"]["calls"].size() == 6);
  CHECK(json["partings"][0]["operator"]["kind"] == "result");
  CHECK(json["partings"][1]["operator"].is_null());
  Evidence two = two_equal();
  two.verdict.exit_code = 1;
  two.diff.classes.push_back({"B", {1}, {}});
  two.diff.classes[0].members = {0};
  two.diff.traces[1].in_class = 1;
  two.diff.divergences = {sample().diff.divergences[0]};
  two.closer.bisections = {sample_bisection("left", "right")};
  CHECK_THAT(rendered(two.report(), "junit"), Contains("by aten::addmm"));
}

TEST_CASE("the kernels of the guilty call stand in every format, and in the JSON in full") {
  Bisection found = sample_bisection("baseline", "threads=2");
  CHECK(part_with(found)["kernels"].is_null());
  OpCall call;
  call.name = "aten::addmm";
  found.call_a = found.call_b = call;
  found.kernels.a = {true, "", {{"ampere_sgemm_64x32_nn", {4, 2, 1}, {128, 1, 1}, 0, 40, 1}}};
  found.kernels.b = {true, "", {{"void cutlass::Kernel2<tf32gemm>(int)", {8, 1, 1}, {256, 1, 1}, 0, 80, 1}}};
  const std::string wanted =
      "aten::addmm ran ampere_sgemm_64x32_nn (grid 4x2x1, block 128x1x1, cuBLAS) on side A and "
      "cutlass::Kernel2 (grid 8x1x1, block 256x1x1, CUTLASS) on side B.";
  const Json part = part_with(found);
  CHECK(part["sentences"][2] == wanted);
  CHECK(part["kernels"]["same"] == false);
  CHECK(part["kernels"]["b"]["launches"][0]["name"] == "void cutlass::Kernel2<tf32gemm>(int)");
  for (const auto& format : formats_for_people())
    CHECK_THAT(rendered(with(found).report(), format), Contains("64x32"));  // Markdown escapes underscores
  CHECK_THAT(unwrapped(rendered(with(found).report(), "console")), Contains(wanted));
  found.kernels.b = found.kernels.a;
  CHECK(says(part_with(found), "It ran the same kernel on both sides: ampere_sgemm_64x32_nn"));
  found.kernels.b.untold = "another profiler has CUPTI";
  CHECK(says(part_with(found), "Which CUDA kernels it ran on side B is not known: another profiler"));
  found.found = Found::unseen;
  CHECK_FALSE(says(part_with(found), "kernels"));
}

TEST_CASE("other calls and other numbers stand in the title after what differs") {
  const auto calls = other(Found::call, DivergenceKind::calls,
                           "side B calls aten::mkldnn_convolution where side A calls aten::thnn_conv2d");
  CHECK(json_of(with(calls))["partings"][0]["title"] ==
        "step 1: gradients of fc2.weight; side B calls aten::mkldnn_convolution where side A calls "
        "aten::thnn_conv2d");
  CHECK(says(part_with(calls), "up to there every call agrees"));
  auto unseen = calls;
  unseen.divergence.lack = "input 1 of aten::linear, call 24";
  CHECK(says(part_with(unseen), "may be the cause; not observed: input 1 of aten::linear, call 24"));
  CHECK_FALSE(says(part_with(unseen), "up to there every call agrees."));
  CHECK(part_with(calls)["distances"].is_null());
  CHECK(part_with(calls)["remedies"].is_null());
  const Json numbers = part_with(other(Found::call, DivergenceKind::numbers, "aten::add_, call 3"));
  CHECK(numbers["kind"] == "numbers");
  CHECK(says(numbers, "a number that is handed to it is not"));
  const Json outside = part_with(other(Found::call, DivergenceKind::outside, "input 1 of aten::mul differs"));
  CHECK(says(outside, "No operator call that was looked at made that difference"));
}

TEST_CASE("a call that only meets what differs already is not called guilty") {
  for (const auto kind : {DivergenceKind::unwritten, DivergenceKind::generator, DivergenceKind::thread}) {
    Bisection found = sample_bisection("baseline", "threads=2");
    found.divergence.kind = kind;
    const Json part = part_with(found);
    CHECK(part["calls"][3]["state"] == "first to differ");
    for (const auto& format : formats_for_people()) {
      INFO(format);
      CHECK(rendered(with(found).report(), format).find("guilty") == std::string::npos);
    }
  }
}

TEST_CASE("where no operator is guilty the title stays and the finding stands in words") {
  for (const auto word : {Found::batch, Found::unseen, Found::elsewhere, Found::untested}) {
    const Report report = with(other(word, DivergenceKind::none, "what was found")).report();
    const Json divergence = json_of(report)["partings"][0];
    INFO(to_text(word));
    CHECK(divergence["title"] == "step 1: gradients of fc2.weight");
    const Json part = divergence["operator"];
    REQUIRE(part.is_object());
    CHECK(part["found"] == to_text(word));
    CHECK(part["kind"] == "none");
    CHECK(part["sentences"] ==
          std::vector<std::string>{"Side A is baseline, side B is threads=2: what was found."});
    for (const auto& format : formats_for_people())
      CHECK_THAT(unwrapped(rendered(report, format)), Contains("what was found"));
  }
}

TEST_CASE("over several rounds the report says how often each call was first") {
  Bisection found = sample_bisection("baseline", "threads=2");
  CHECK_FALSE(says(part_with(found), "Over"));
  found.rounds = 5;
  found.firsts = {{"planted::sum", 3, 0, 12, 4}, {"aten::mean", 4, 0, 9, 1}};
  CHECK(says(part_with(found),
             "Over 5 rounds, the first call to part was planted::sum (step 3, call 12) in 4 "
             "rounds and aten::mean (step 4, call 9) in 1 round."));
  found.firsts.clear();
  CHECK(says(part_with(found), "none: the reruns were equal"));
}

TEST_CASE("numbers tell what they cannot say") {
  Bisection found = sample_bisection("baseline", "threads=2");
  auto& output = found.distance->outputs[0];
  output.rounded.reset();
  output.first->b = std::numeric_limits<double>::quiet_NaN();
  output.first->a = 0.1;
  output.first->hex_a = "0x3fb999999999999a";
  output.distance.max_ulp = std::numeric_limits<std::uint64_t>::max();
  output.ulp = {{1, 1, 6}, {2, 2, 5}, {3, 4, 4}, {5, 8, 3}, {9, 16, 2}, {17, 32, 1}};
  const Json part = part_with(found);
  const Json row = part["distances"]["rows"][0];
  CHECK(row[4] == "0.10000000000000001 0x3fb999999999999a");
  CHECK(row[5] == "not a number 0x3c58f3b2");
  CHECK(row[6] == "6 at 1, 5 at 2, 4 at 3 to 4, 3 at 5 to 8, 3 at more");
  CHECK(row[7] == "untested");
  CHECK_FALSE(says(part, "at most by"));
  output.first.reset();
  output.ulp.clear();
  CHECK(part_with(found)["distances"]["rows"][0][3] == "-");
  CHECK(part_with(found)["distances"]["rows"][0][6] == "no float");
  found.distance->outputs.clear();
  CHECK(part_with(found)["distances"].is_null());
  CHECK(says(part_with(found), "it strikes by chance"));
}

TEST_CASE("the picture of calls has a title on every mark, a sign for every state, and escapes names") {
  const std::string svg = calls_chart({{"guilty", 3, 0, "planted::<sum>", "forward", "h.0"}});
  CHECK_THAT(svg, Contains("<title>call 3, planted::&lt;sum&gt;: guilty, forward, in h.0</title>"));
  CHECK_THAT(svg, !Contains("<sum>"));
  CHECK(calls_chart({}).empty());
  const auto calls = all_of<blocks::Calls>(sample().report()).at(0).calls;
  const Markup markup = read_markup(calls_chart(calls));
  CHECK(markup.fault.empty());
  CHECK(markup.named("title").size() == calls.size());
  CHECK(signs_sentence(calls) == "= equal on both sides; ▶ where they part; ≠ differs because of it.");
  CHECK_THAT(signs_sentence({{"side B only", 1, 0, "x", "", ""}}), Contains("B side B alone calls it"));
}

TEST_CASE("the picture as text counts depth from its shallowest call and fits its width") {
  const std::vector<blocks::Call> calls = {{"equal", 5, 30, "outer", "", ""},
                                           {"guilty", 6, 31, "inner", "forward", "fc"},
                                           {"side B only", 7, 90, std::string(200, 'x'), "", ""}};
  const auto lines = call_lines(calls, 60);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "=     5  outer");
  CHECK(lines[1] == "▶     6    inner  <- guilty, forward, in fc");
  CHECK_THAT(lines[2], Catch::Matchers::StartsWith("B     7  " + std::string(20, ' ') + "x"));
  for (const auto& line : lines) CHECK(width_of(line) <= 60);
}

TEST_CASE("how far two sides get is told with the numbers that differ, and drawn beside the control") {
  Bisection found = sample_bisection("baseline", "threads=2");
  Growth growth = growth_of({{3, 1e-7, 1e-6}, {4, 1e-3, 1e-2}}, {{3, 1e-7, 1e-6}, {4, 2e-7, 2e-6}}, 3);
  growth.numbers = {{"group0.lr", 0.5, 0.75}};
  found.growth = growth;
  const Json part = part_with(found);
  CHECK(says(part, "Far beyond rounding"));
  CHECK(says(part, "group0.lr is 0.5 on side A and 0.75 on side B"));
  const auto drawn = all_of<blocks::Apart>(with(found).report());
  REQUIRE(drawn.size() == 1);
  CHECK(drawn[0].steps == std::vector<std::int64_t>{3, 4});
  CHECK(drawn[0].sides == std::vector<double>{1e-7, 1e-3});
  CHECK(drawn[0].control == std::vector<double>{1e-7, 2e-7});
  const std::string picture = apart_chart(drawn[0]);
  CHECK(read_markup(picture).fault.empty());
  CHECK_THAT(picture, Contains("side B against side A") && Contains("the control against side A"));
  CHECK_THAT(rendered(with(found).report(), "html"), Contains(picture));
}
