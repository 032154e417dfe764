// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/night_report.h"

#include <sstream>

#include "harness/base/error.h"
#include "nights/made_history.h"
#include "reports/layout/format.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::string rendered(const Report& report, const std::string& format) {
  std::ostringstream out;
  pick(formats_shelf(), format, "format").render(report, out);
  return std::move(out).str();
}

NightFound found_of(const std::vector<std::string>& words) {
  NightFound found;
  found.machine = "a";
  found.night.number = 7;
  found.night.begun = "2026-11-28T03:00:00Z";
  for (const auto& word : words) {
    NightRun run{made_row(7, "waves", word)};
    run.row.run = "run " + std::to_string(found.runs.size());
    if (word != "match") run.row.sentence = "the reason for " + word;
    found.runs.push_back(run);
  }
  return found;
}

}  // namespace

TEST_CASE("a night ends with 0 only where all match, with 1 for a mismatch, else with 2") {
  CHECK(exit_code_of(found_of({"match", "match"})) == 0);
  CHECK(exit_code_of(found_of({"match", "untested", "mismatch"})) == 1);
  CHECK(exit_code_of(found_of({"match", "untested"})) == 2);
  CHECK(exit_code_of(found_of({"match", "no baseline"})) == 2);
  CHECK(exit_code_of(found_of({})) == 2);
}

TEST_CASE("a night's report names what left its baseline, what changed, the operator and what to do next") {
  NightFound found = found_of({"match", "mismatch"});
  found.runs[1].since_baseline = {"libtorch.version: 2.10.0, now 2.11.0"};
  found.runs[1].row.operation = "aten::addmm, call 14 of step 1, backward";
  found.runs[1].next = "reprise bisect one two";
  found.not_bisected = {"run 1 of waves was not bisected: no time."};
  const Report report = night_report(found);
  CHECK(report.headline == "Night 7 of a: 1 of 2 runs match, 1 left the baseline.");
  const std::string md = rendered(report, "md"), xml = rendered(report, "junit");
  CHECK_THAT(md, Contains("aten::addmm") && Contains("libtorch.version: 2.10.0, now 2.11.0") &&
                     Contains("reprise bisect one two") && Contains("no time"));
  CHECK_THAT(xml, Contains("tests=\"2\" failures=\"1\"") &&
                      Contains("classname=\"reprise.nightly.a.waves\"") &&
                      Contains("<failure message=\"mismatch: the reason for mismatch"));
  CHECK_THAT(rendered(report, "html"), Contains("href=\"../../../nights/a/0007/waves/report.html\""));
  CHECK_THAT(rendered(report, "json"),
             Contains("\"schema\": \"reprise.night/1\"") && Contains("\"mismatch\": 1"));
}

TEST_CASE("a terminal says why no operator was named and why no run was kept, as a page does") {
  NightFound found = found_of({"mismatch", "no baseline"});
  found.not_bisected = {"No operator was named for run 0 of waves: no time."};
  found.night.notes = {"Nothing of waves can be kept as its baseline: its runs differ from each other."};
  const Report report = night_report(found);
  for (const char* format : {"console", "md", "html"}) {
    const std::string text = rendered(report, format);
    INFO(format << text);
    CHECK_THAT(text, Contains("No operator was named for run 0 of waves: no") &&
                         Contains("Nothing of waves can be kept as its baseline"));
  }
  CHECK(found.runs[0].pair.before.empty());
}

TEST_CASE("what could not be checked is skipped for a server, never passed") {
  const std::string xml = rendered(night_report(found_of({"untested", "no baseline"})), "junit");
  CHECK_THAT(xml, Contains("failures=\"0\" errors=\"0\" skipped=\"2\""));
}

TEST_CASE("a step summary is cut at a line and says so") {
  CHECK(cut_summary("one\ntwo\n", 100) == "one\ntwo\n");
  const std::string long_text = std::string(50, 'a') + "\n" + std::string(100, 'b') + "\n";
  const std::string cut = cut_summary(long_text, 140);
  CHECK(cut.size() <= 140);
  CHECK_THAT(cut,
             Contains(std::string(50, 'a') + "\n") && Contains("stands in night.md") && !Contains("b\n"));
  CHECK(cut_summary(long_text, 10).empty());
}
