// SPDX-License-Identifier: Apache-2.0
// A table of operators as a document.
#include "reports/probes/probe_report.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "harness/judge/probe/probe_json.h"
#include "reports/layout/format.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

ProbeAnswer answer_of_two() {
  ProbeAnswer answer{{}, {.pins = default_pins()}, {Cause::calls, Cause::threads, Cause::isa}};
  for (const char* name : {"sum", "conv2d"}) {
    ProbeVerdict verdict{name, {}, "aa", "a processor", "2.11.0"};
    for (const auto& word : words_of(Cause{}))
      verdict.cells.push_back({word.value, ProbeFinding::repeats, 3, "equal"});
    answer.verdicts.push_back(verdict);
  }
  answer.verdicts[1].cells[static_cast<std::size_t>(Cause::threads)] = {Cause::threads, ProbeFinding::varies,
                                                                        3, "bias differs with threads=2"};
  answer.verdicts[1].cells[static_cast<std::size_t>(Cause::isa)] = {Cause::isa, ProbeFinding::untested, 0,
                                                                    "no vectors"};
  answer.verdicts[1].cells[static_cast<std::size_t>(Cause::mkl)].finding =
      ProbeFinding::varies;  // not asked for
  return answer;
}

std::string text_of(const Report& report, const std::string& format) {
  std::ostringstream out;
  pick(formats_shelf(), format, "format").render(report, out);
  return out.str();
}

}  // namespace

TEST_CASE("a table of operators tells its counterexamples and what is untested, of the causes asked for") {
  const Report report = probe_report(answer_of_two(), {"reprise", "probe"});
  CHECK(report.headline ==
        "Of 6 cells of operator and cause, 4 gave the same bits in all calls that were made, 1 gave other "
        "bits, 1 is "
        "untested.");
  CHECK(report.exit_code == 0);
  const std::string console = text_of(report, "console");
  CHECK_THAT(console, Contains("bias differs with threads=2") && Contains("no vectors") && !Contains("mkl"));
  const std::string page = text_of(report, "html");
  CHECK_THAT(page, Contains("Operators by causes") && Contains("conv2d, threads: varies (bias differs") &&
                       Contains("= the same bits in all calls") && !Contains("What is published"));
}

TEST_CASE("the JSON of a table is read back, with what was compared") {
  ProbeAnswer answer = answer_of_two();
  ProbeTable other{default_pins(), answer.verdicts};
  other.verdicts[0].bits = "bb";
  answer.compared = compare_probes(other, {answer.order.pins, answer.verdicts}, answer.causes);
  answer.against = "there.json";
  const Report report = probe_report(answer, {"reprise", "probe"});
  CHECK(report.exit_code == 1);
  CHECK_THAT(report.verdict.back(), Contains("1 of 7 verdicts and results differ from those of there.json"));
  const std::string json = text_of(report, "json");
  const auto document = nlohmann::json::parse(json);
  CHECK(document["compared"]["changes"][0]["operator"] == "sum");
  CHECK(document["compared"]["not_compared"].size() == 1);
  const auto again = probe_table(json, "here.json");
  CHECK(again.verdicts.size() == 2);
  CHECK(again.verdicts[1].cells.size() == words_of(Cause{}).size());
}

TEST_CASE(
    "how far results are apart and what deterministic mode costs stand in the document where they were "
    "asked") {
  ProbeAnswer answer = answer_of_two();
  CHECK_THAT(text_of(probe_report(answer, {}), "console"), !Contains("What deterministic mode costs"));
  answer.verdicts[1].cells[static_cast<std::size_t>(Cause::threads)].distance = {3e-8, 0.25};
  answer.verdicts[0].cost = ProbeCost{1.5, 0.07};
  const Report report = probe_report(answer, {});
  const std::string console = text_of(report, "md");
  CHECK_THAT(console, Contains("0.25 of the elements, by 3e-08 of their size") &&
                          Contains("What deterministic mode costs") && Contains("1.50 times") &&
                          Contains("7 %"));
  const auto document = nlohmann::json::parse(text_of(report, "json"));
  CHECK(document["operators"][0]["cost"]["ratio"] == 1.5);
  CHECK(document["operators"][1]["cost"].is_null());
}
