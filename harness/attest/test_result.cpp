// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/test_result.h"

#include <fmt/format.h>

#include <map>

#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* as_meant = "as meant";

// `known`: that it is the factor which moved the bits, and no training that does not repeat itself.
TestEnd end_of_value(const Json& factor, const Json& value, bool known) {
  const auto finding = value.at("finding").get<std::string>();
  if (value.at("broken").get<bool>()) return TestEnd::failed;
  if (finding == "identical" || (finding == as_meant && known)) return TestEnd::passed;
  // Nothing was promised, so nothing is kept or broken; that the bits moved is worth a word.
  if (factor.at("kept").get<bool>() || finding == "equivalent" || finding == "inconclusive")
    return TestEnd::warned;
  return finding == "untested" ? TestEnd::warned : TestEnd::failed;
}

void add(TestResult& tests, TestEnd end, const std::string& name) {
  (end == TestEnd::passed   ? tests.passed
   : end == TestEnd::warned ? tests.warned
                            : tests.failed)
      .push_back(name);
}

void add_factors(TestResult& tests, const Json& report) {
  const bool known = !report.at("explaining_sets").empty();
  for (const auto& factor : report.at("factors"))
    for (const auto& value : factor.at("by_value"))
      add(tests, end_of_value(factor, value, known),
          fmt::format("{}={}: {}", factor.at("name").get<std::string>(), value.at("value").get<std::string>(),
                      value.at("finding").get<std::string>()));
}

// Whether runs of one plan are in several classes: only of these it is known that nothing was to differ.
bool parts_one_plan(const Json& report) {
  std::map<std::string, std::string> class_of;
  for (const auto& run : report.at("runs")) {
    const auto in_class = run.at("class").get<std::string>();
    if (class_of.emplace(run.at("plan_id").get<std::string>(), in_class).first->second != in_class)
      return true;
  }
  return false;
}

// Traces side by side, of which nothing else was promised.
void add_classes(TestResult& tests, const Json& report) {
  if (!report.at("factors").empty()) return;
  const std::size_t classes = report.at("classes").size();
  if (classes == 1 && report.at("runs").size() > 1) return add(tests, TestEnd::passed, "all runs: identical");
  if (classes < 2) return add(tests, TestEnd::warned, "all runs: nothing to compare");
  const bool failed = parts_one_plan(report);
  add(tests, failed ? TestEnd::failed : TestEnd::warned,
      fmt::format("all runs: {} classes{}", classes, failed ? "" : ", of different plans"));
}

void add_self_test(TestResult& tests, const Json& report) {
  const auto found = report.find("self_test");
  if (found == report.end() || found->is_null()) return;
  for (const auto& row : found->at("rows")) {
    const auto result = row.at("result").get<std::string>();
    add(tests,
        result == "as expected"       ? TestEnd::passed
        : result == "NOT as expected" ? TestEnd::failed
                                      : TestEnd::warned,
        fmt::format("self-test {}: {}", row.at("name").get<std::string>(), result));
  }
}

void add_untested(TestResult& tests, const Json& report) {
  for (const auto& run : report.at("untested"))
    add(tests, TestEnd::warned,
        fmt::format("run {}: {}", run.at("configuration").get<std::string>(),
                    run.at("kind").get<std::string>()));
}

// What runs of equal bits printed or left.
void add_outputs(TestResult& tests, const Json& report) {
  const auto beside = report.find("beside");
  if (beside == report.end() || beside->is_null()) return;
  if (!beside->at("differs").get<std::string>().empty())
    add(tests, TestEnd::warned, "outputs of runs of equal bits: differ");
  else if (!beside->at("not_compared").get<std::string>().empty())
    add(tests, TestEnd::warned, "outputs of runs of equal bits: not all compared");
}

// Runs side by side end with 1 where their bits differ, be it as it should be: of other seeds, say.
bool differs_as_meant(const Json& report) {
  for (const auto& factor : report.at("factors"))
    for (const auto& value : factor.at("by_value"))
      if (value.at("finding").get<std::string>() == as_meant) return true;
  return false;
}

TestEnd end_of(const TestResult& tests, const Json& report) {
  const int code = report.at("exit_code").get<int>();
  if (code == 1 && tests.failed.empty() && tests.warned.empty() && differs_as_meant(report))
    return TestEnd::passed;
  // One run that ended well breaks no promise; there is nothing to hold it against.
  if (code == 2 && tests.failed.empty() && report.at("runs").size() == 1 && report.at("untested").empty())
    return TestEnd::warned;
  // A report that is void, or says that something differs where no test does, is no success either.
  if (!tests.failed.empty() || code == 2 || (code != 0 && tests.warned.empty())) return TestEnd::failed;
  return tests.warned.empty() && !tests.passed.empty() ? TestEnd::passed : TestEnd::warned;
}

}  // namespace

std::span<const Word<TestEnd>> words_of(TestEnd) {
  static constexpr Word<TestEnd> words[] = {
      {TestEnd::passed, "PASSED"}, {TestEnd::warned, "WARNED"}, {TestEnd::failed, "FAILED"}};
  return words;
}

TestResult test_result_of(const Json& report) try {
  const auto schema = report.at("schema").get<std::string>();
  if (schema != "reprise.report/1")
    fail("wanted a report of the schema reprise.report/1, found {}; only reports of runs can be attested",
         schema);
  TestResult tests;
  add_factors(tests, report);
  add_classes(tests, report);
  add_self_test(tests, report);
  add_untested(tests, report);
  add_outputs(tests, report);
  tests.result = end_of(tests, report);
  return tests;
} catch (const nlohmann::json::exception& error) {
  fail("wanted a JSON report as docs/report-json.md describes it, found one that lacks something: {}",
       error.what());
}

}  // namespace reprise
