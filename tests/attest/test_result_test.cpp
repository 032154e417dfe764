// SPDX-License-Identifier: Apache-2.0
// A report as PASSED, WARNED or FAILED, and two reports held against each other.
#include "harness/attest/test_result.h"

#include <catch2/catch.hpp>

#include "harness/attest/report_check.h"
#include "harness/base/error.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

Json report_with(const std::string& finding, bool broken = false) {
  return Json::parse(
      R"({"schema": "reprise.report/1", "exit_code": 0, "headline": "h", "classes": [["a", "b"]],
    "runs": [{"class": "A", "plan_id": "1"}, {"class": "A", "plan_id": "1"}], "explaining_sets": [["x"]],
    "untested": [], "self_test": null, "partings": [],
    "factors": [{"name": "threads", "kept": true, "by_value": [{"value": "2", "finding": ")" +
      finding + R"(", "broken": )" + (broken ? "true" : "false") + R"(, "distance": ""}]}]})");
}

TestEnd end_with(const std::string& finding, bool broken = false) {
  return test_result_of(report_with(finding, broken)).result;
}

}  // namespace

TEST_CASE("passed is said only where every promise was kept and shown") {
  CHECK(end_with("identical") == TestEnd::passed);
  CHECK(end_with("as meant") == TestEnd::passed);
  for (const char* finding : {"equivalent", "inconclusive", "untested"})
    CHECK(end_with(finding) == TestEnd::warned);
  CHECK(end_with("different", true) == TestEnd::failed);
  CHECK(end_with("identical until step 4", true) == TestEnd::failed);
  const auto result = test_result_of(report_with("identical"));
  CHECK(result.passed == std::vector<std::string>{"threads=2: identical"});
}

TEST_CASE("runs side by side that differ as they should pass, where it is known that this is the reason") {
  Json report = report_with("as meant");
  report["classes"] = {{"a"}, {"b"}};
  report["exit_code"] = 1;
  CHECK(test_result_of(report).result == TestEnd::passed);
  report["explaining_sets"] = Json::array();
  CHECK(test_result_of(report).warned == std::vector<std::string>{"threads=2: as meant"});
  CHECK(test_result_of(report).result == TestEnd::warned);
}

TEST_CASE("an untested run warns, and an escaped fault, a void report and other classes fail") {
  Json report = report_with("identical");
  report["untested"] = {{{"configuration", "c"}, {"kind", "failed"}}};
  CHECK(test_result_of(report).result == TestEnd::warned);
  report = report_with("identical");
  report["self_test"] = {{"rows", {{{"name", "flip-bit"}, {"result", "NOT as expected"}}}}};
  CHECK(test_result_of(report).result == TestEnd::failed);
  report = report_with("identical");
  report["beside"] = {{"differs", ""}, {"not_compared", ""}};
  CHECK(test_result_of(report).result == TestEnd::passed);
  report["beside"]["not_compared"] = "no log";
  CHECK(test_result_of(report).result == TestEnd::warned);
  report["beside"]["differs"] = "printed another number";
  CHECK(test_result_of(report).warned == std::vector<std::string>{"outputs of runs of equal bits: differ"});
  report = report_with("identical");
  report["exit_code"] = 2;
  CHECK(test_result_of(report).result == TestEnd::failed);
  report["exit_code"] = 1;
  CHECK(test_result_of(report).result == TestEnd::failed);
  report = report_with("identical");
  report["factors"] = Json::array();
  CHECK(test_result_of(report).result == TestEnd::passed);
  report["classes"] = {{"a"}, {"b"}};
  report["runs"][1]["class"] = "B";
  CHECK(test_result_of(report).failed == std::vector<std::string>{"all runs: 2 classes"});
  report["classes"] = {{"a"}};
  report["runs"] = {Json::object()};
  CHECK(test_result_of(report).result == TestEnd::warned);
  report["exit_code"] = 2;
  CHECK(test_result_of(report).result == TestEnd::warned);
  report["untested"] = {{{"configuration", "c"}, {"kind", "failed"}}};
  CHECK(test_result_of(report).result == TestEnd::failed);
}

TEST_CASE("what is no report of runs is refused") {
  CHECK_THROWS_WITH(test_result_of(Json::parse(R"({"schema": "reprise.claims/1"})")),
                    Contains("found reprise.claims/1"));
  CHECK_THROWS_WITH(test_result_of(Json::array()), Contains("lacks something"));
}

TEST_CASE("sentences of another version are untested, and what rests on traces never is") {
  const Json report = report_with("identical");
  Json again = report;
  const auto code = [&](const std::string& version) {
    Verification found;
    check_report(report, again, {version, "1"}, found);
    return found.exit_code();
  };
  CHECK(code("1") == 0);
  CHECK(code("2") == 0);
  again["headline"] = "other";
  CHECK(code("1") == 1);
  CHECK(code("2") == 2);
  again = report;
  again["classes"] = {{"a"}, {"b"}};
  CHECK(code("2") == 1);
  again = report;
  again["new_key"] = 1;
  CHECK(code("1") == 1);
  CHECK(code("2") == 2);
}

TEST_CASE("results that are not those of the report fail, and of another version are untested") {
  const Json report = report_with("identical");
  Statement statement;
  const auto code = [&](const std::string& version) {
    statement.version = version;
    Verification found;
    check_predicate(statement, report, found);
    return found.exit_code();
  };
  CHECK(code(REPRISE_VERSION) == 1);
  CHECK(code("0.0.0") == 2);
  statement.result = test_result_of(report);
  CHECK(code(REPRISE_VERSION) == 0);
  CHECK(code("0.0.0") == 0);
}

TEST_CASE("what a bisection found is untested, and all else of its report is not") {
  Json report = report_with("equivalent"), again;
  report["partings"] = {{{"a", "A"}, {"b", "B"}, {"operator", nullptr}}};
  again = report;
  CHECK_FALSE(has_bisection(report));
  report["partings"][0]["operator"] = {{"found", "operator"}};
  report["factors"][0]["by_value"][0]["distance"] = "1 ULP";
  report["next"] = "";
  again["next"] = "bisect it";
  CHECK(has_bisection(report));
  Verification found;
  check_report(report, again, {"1", "1"}, found);
  CHECK(found.exit_code() == 2);
  check_page("report.html", "a", "b", {"1", "1"}, true, found);
  CHECK(found.exit_code() == 2);
  check_page("report.html", "a", "b", {"1", "1"}, false, found);
  CHECK(found.exit_code() == 1);
  report["partings"][0]["b"] = "C";
  Verification other;
  check_report(report, again, {"1", "1"}, other);
  CHECK(other.exit_code() == 1);
}
