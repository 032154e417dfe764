// SPDX-License-Identifier: Apache-2.0
// For a continuous-integration server: a suite per factor with one test case per value, and a suite of the
// runs. A broken promise fails; what is untested or cannot be decided is skipped, and says so.
#include "harness/base/error.h"
#include "reports/format.h"
#include "reports/names.h"

namespace reprise::formats {
namespace {

struct Case {
  std::string name;
  enum { passed, failed, skipped } result = passed;
  std::string message, text;
};

struct Suite {
  std::string name;
  std::vector<Case> cases;
  std::size_t count(int result) const {
    std::size_t found = 0;
    for (const auto& one : cases) found += one.result == result ? 1 : 0;
    return found;
  }
};

Suite factor_suite(const ReportFactor& factor) {
  Suite suite{factor.name + " owes " + factor.owes, {}};
  for (const auto& value : factor.by_value) {
    Case one{factor.name + "=" + value.value, Case::passed, value.finding, value.sentence};
    if (value.broken)
      one.result = Case::failed;
    else if (value.finding == "untested" || value.finding == "inconclusive")
      one.result = Case::skipped;
    suite.cases.push_back(one);
  }
  return suite;
}

Suite run_suite(const Report& report) {
  Suite suite{"runs", {}};
  for (const auto& run : report.runs)
    suite.cases.push_back({run.configuration, Case::passed, "", "class " + run.letter});
  for (const auto& run : report.untested) {
    std::string log;
    for (const auto& line : run.last_lines) log += line + "\n";
    suite.cases.push_back(
        {run.configuration, Case::skipped, "untested (" + run.kind + "): " + run.reason, log});
  }
  return suite;
}

Suite self_test_suite(const SelfTestPart& test) {
  Suite suite{"self-test", {}};
  for (const auto& row : test.rows)
    suite.cases.push_back({row.name,
                           row.mood == Mood::good  ? Case::passed
                           : row.mood == Mood::bad ? Case::failed
                                                   : Case::skipped,
                           row.sentence, ""});
  return suite;
}

// Without factors the only promise is that the traces are the same.
Suite trace_suite(const Report& report) {
  const bool same = report.exit_code == 0;
  std::string where;
  for (const auto& parting : report.partings)
    where += fmt::format("{} and {}: {}\n", parting.a, parting.b, parting.title);
  return {"traces", {{"equal bits", same ? Case::passed : Case::failed, report.headline, where}}};
}

void write_case(std::ostream& out, const std::string& recipe, const std::string& suite, const Case& one) {
  out << fmt::format("    <testcase classname=\"reprise.{}.{}\" name=\"{}\">", escaped(recipe),
                     escaped(suite), escaped(one.name));
  if (one.result == Case::failed)
    out << fmt::format("<failure message=\"{}\">{}</failure>", escaped(one.message), escaped(one.text));
  if (one.result == Case::skipped) {
    out << fmt::format("<skipped message=\"{}\"/>", escaped(one.message));
    if (!one.text.empty()) out << "<system-out>" << escaped(one.text) << "</system-out>";
  }
  out << "</testcase>\n";
}

}  // namespace

extern const Format junit{
    .summary = "JUnit XML, for a continuous-integration server",
    .extension = "xml",
    .render =
        [](const Report& report, std::ostream& out) {
          std::vector<Suite> suites;
          for (const auto& factor : report.factors) suites.push_back(factor_suite(factor));
          if (report.factors.empty()) suites.push_back(trace_suite(report));
          suites.push_back(run_suite(report));
          if (report.self_test) suites.push_back(self_test_suite(*report.self_test));
          std::size_t tests = 0, failures = 0, skipped = 0;
          for (const auto& suite : suites) {
            tests += suite.cases.size();
            failures += suite.count(Case::failed);
            skipped += suite.count(Case::skipped);
          }
          out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              << fmt::format(
                     "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
                     escaped("reprise " + report.recipe), tests, failures, skipped);
          for (const auto& suite : suites) {
            out << fmt::format(
                "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
                escaped(suite.name), suite.cases.size(), suite.count(Case::failed),
                suite.count(Case::skipped));
            for (const auto& one : suite.cases) write_case(out, report.recipe, suite.name, one);
            out << "  </testsuite>\n";
          }
          out << "</testsuites>\n";
        },
};

}  // namespace reprise::formats
