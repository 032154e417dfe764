// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "reports/layout/wrap.h"
#include "reports/markup.h"
#include "reports/sample.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

const std::string golden = std::string(REPRISE_SOURCE) + "/tests/golden/report.";

std::size_t number_in(const Element& element, const std::string& name) {
  return static_cast<std::size_t>(to_integer(element.attributes.at(name)).value());
}

std::size_t children_named(const Markup& markup, const Element& parent, const std::string& name) {
  std::size_t count = 0;
  for (const auto child : parent.children) count += markup.elements[child].name == name ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a format more is a file more, with an extension and an approved report of its own") {
  std::set<std::string> files, extensions;
  for (const auto& file : std::filesystem::directory_iterator(REPRISE_SOURCE "/reports/layout/formats"))
    files.insert(file.path().stem());
  for (const auto& [name, format] : formats_shelf()) {
    CHECK(files.erase(std::string(name)) == 1);
    CHECK(extensions.insert(format->extension).second);
    CHECK(std::filesystem::exists(golden + std::string(name) + ".approved"));
  }
  CHECK(files.empty());
  CHECK_THROWS_WITH(pick(formats_shelf(), "htm", "format"), Catch::Contains("did you mean 'html'?"));
}

TEST_CASE("each format writes the approved report") {
  for (const auto& format : names_of(formats_shelf())) {
    INFO("after a wanted change: build/bin/reports_tests [.golden], then read the difference");
    CHECK(rendered(sample().report(), format) == read_file(golden + format + ".approved", "approved report"));
  }
}

TEST_CASE("write the approved reports anew", "[.golden]") {
  for (const auto& format : names_of(formats_shelf()))
    write_atomically(golden + format + ".approved", rendered(sample().report(), format));
}

TEST_CASE("write pages to look at into the folder REPRISE_LOOK", "[.look]") {
  const std::string folder = environment_text("REPRISE_LOOK");
  REQUIRE_FALSE(folder.empty());
  write_atomically(folder + "/sample.html", rendered(sample().report(), "html"));
  Evidence escaped = sample();
  escaped.closer.self_test = sample_self_test(Caught::escaped);
  write_atomically(folder + "/void.html", rendered(escaped.report(), "html"));
  write_atomically(folder + "/equal.html", rendered(two_equal().report(), "html"));
  write_atomically(folder + "/none.html", rendered(nothing_done().report(), "html"));
  write_atomically(folder + "/hostile.html", rendered(hostile().report(), "html"));
  write_atomically(folder + "/many.html", rendered(many(40, 9, 3).report(), "html"));
  write_atomically(folder + "/classes.html", rendered(many(0, 60, 1).report(), "html"));
}

TEST_CASE("equal reports give equal bytes") {
  for (const auto& format : names_of(formats_shelf())) {
    CHECK(rendered(sample().report(), format) == rendered(sample().report(), format));
    Evidence moved = sample();
    for (auto& trace : moved.diff.traces) trace.path = "elsewhere/" + trace.name;
    CHECK(rendered(moved.report(), format) == rendered(sample().report(), format));
    Evidence other = sample();
    other.diff.traces[0].name = "other";
    CHECK(rendered(other.report(), format) != rendered(sample().report(), format));
  }
}

TEST_CASE("the JSON report names its schema and holds the classes at the top") {
  const Json json = json_of(sample());
  CHECK(json.at("schema") == "reprise.report/1");
  CHECK(json.at("classes") == Json::parse(R"([["baseline", "repeat=2", "mkl=strict", "isa=avx2",
    "threads=2 mkl=strict"], ["threads=2"], ["isa=default"], ["seed=1"]])"));
  CHECK(json.at("exit_code") == 2);
  CHECK(json.at("steps") == 200);
  CHECK(json.at("runs").size() == 8);
  CHECK(json.at("runs")[7].at("first_nan") == 151);
  CHECK(json.at("runs")[0].at("first_nan").is_null());
  CHECK(json.at("runs")[0].at("metrics").at("test_accuracy") == 92.25);
  CHECK(json.at("curves")[3].at("loss")[150].is_null());
  CHECK(json.at("curves")[3].at("loss")[149].is_number_float());
  CHECK(json.at("first_differences")[3].at("first_difference").at("loss") == 2);
  CHECK(json.at("first_differences")[3].at("first_difference").at("batch").is_null());
  CHECK(json.at("pairs").at("first_difference")[0][4] == 1);
  CHECK(json.at("pairs").at("first_difference")[0][0].is_null());
  CHECK(json.at("factors")[1].at("by_value")[0].at("step") == 1);
  CHECK(json.at("untested")[1].at("last_lines").size() == 2);
  CHECK(json_of(nothing_done()).at("classes") == Json::array());
}

TEST_CASE("every key of the JSON report is described in docs/report-json.md") {
  const std::string page = read_file(std::string(REPRISE_SOURCE) + "/docs/report-json.md", "page");
  std::set<std::string> keys;
  const std::function<void(const Json&)> collect = [&](const Json& json) {
    if (json.is_object())
      for (const auto& [key, value] : json.items()) {
        if (key != "first_difference" && key != "metrics")
          collect(value);  // their keys are stages and metrics
        keys.insert(key);
      }
    if (json.is_array())
      for (const auto& value : json) collect(value);
  };
  collect(json_of(sample()));
  CHECK(keys.size() > 40);
  for (const auto& key : keys) {
    INFO(key);
    CHECK(page.find("`" + key + "`") != std::string::npos);
  }
}

TEST_CASE("the JUnit report is XML whose counts agree") {
  for (const auto& evidence : {sample(), two_equal(), nothing_done(), hostile()}) {
    const Markup markup = read_markup(rendered(evidence.report(), "junit"));
    INFO(markup.fault);
    REQUIRE(markup.fault.empty());
    const Element& all = *markup.named("testsuites").front();
    CHECK(number_in(all, "tests") == markup.named("testcase").size());
    CHECK(number_in(all, "failures") == markup.named("failure").size());
    CHECK(number_in(all, "skipped") == markup.named("skipped").size());
    std::size_t tests = 0;
    for (const auto* suite : markup.named("testsuite")) {
      CHECK(number_in(*suite, "tests") == children_named(markup, *suite, "testcase"));
      tests += number_in(*suite, "tests");
    }
    CHECK(tests == number_in(all, "tests"));
  }
}

TEST_CASE("in JUnit a broken promise fails, and what is untested or undecided is skipped") {
  Evidence evidence = sample();
  const Markup before = read_markup(rendered(evidence.report(), "junit"));
  CHECK(before.named("testcase").size() == 6 + 10 + 5);  // values that are no baseline, runs, the self-test
  CHECK(before.named("failure").empty());
  CHECK(before.named("skipped").size() == 2 + 2);  // two inconclusive values, two untested runs
  evidence.verdict.factors[0].values[0] = {"2", Finding::identical_until, 7, "moved the bits at step 7"};
  const Markup after = read_markup(rendered(evidence.report(), "junit"));
  REQUIRE(after.named("failure").size() == 1);
  CHECK(after.named("failure")[0]->attributes.at("message") == "identical until step 7");
  Evidence differing = two_equal();
  differing.verdict.exit_code = 1;
  CHECK(read_markup(rendered(differing.report(), "junit")).named("failure").size() == 1);
}

TEST_CASE("the console report fits 80 columns and steers no terminal") {
  for (const auto& evidence : {sample(), two_equal(), nothing_done(), hostile(), many(40, 3, 2)}) {
    const std::string text = rendered(evidence.report(), "console");
    for (const auto& line : split(text, '\n')) {
      INFO(line);
      CHECK(width_of(line) <= 80);
      CHECK((line.empty() || line.back() != ' '));
    }
    CHECK(text.find('\x1b') == std::string::npos);
  }
  const std::string text = rendered(sample().report(), "console");
  CHECK(text.find("exit 2\n") != std::string::npos);
  CHECK(text.find("  ok  pins held at 24 of 24 readings\n") != std::string::npos);
  CHECK(text.find("    | reprise-worker: wanted a positive batch\n") != std::string::npos);
}

TEST_CASE("Markdown leaves hostile names as text, and tables keep their columns") {
  const std::string text = rendered(hostile().report(), "md");
  CHECK(text.find("\n<script>") == std::string::npos);
  std::size_t columns = 0;
  for (const auto& line : split(text, '\n')) {
    if (!line.starts_with('|')) {
      columns = 0;
      continue;
    }
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
      bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1 : 0;
    if (columns != 0) CHECK(bars == columns);
    columns = bars;
  }
}
