// SPDX-License-Identifier: Apache-2.0
// For a continuous-integration server: a suite for each block of checks, with one test case for each. What is
// bad fails; what is neutral, untested or undecided, is skipped, and says so.
#include <algorithm>

#include "harness/base/error.h"
#include "reports/layout/format.h"
#include "reports/layout/names.h"

namespace reprise::formats {
namespace {

using blocks::Check;
using blocks::Checks;

// Those of the blocks, and of the parts inside them.
void collect(const std::vector<Block>& blocks, std::vector<const Checks*>& suites) {
  for (const auto& block : blocks) {
    if (!is_for(block, Readers::servers)) continue;
    if (const auto* suite = std::get_if<Checks>(&block.content)) suites.push_back(suite);
    if (const auto* part = std::get_if<blocks::Part>(&block.content)) collect(part->blocks, suites);
  }
}

auto count(const Checks& suite, Mood mood) { return std::ranges::count(suite.checks, mood, &Check::mood); }

std::string case_of(const std::string& recipe, const std::string& suite, const Check& one) {
  std::string out = fmt::format("    <testcase classname=\"reprise.{}.{}\" name=\"{}\">", escaped(recipe),
                                escaped(suite), escaped(one.name));
  if (one.mood == Mood::bad)
    out += fmt::format("<failure message=\"{}\">{}</failure>", escaped(one.message), escaped(one.text));
  if (one.mood == Mood::neutral) {
    out += fmt::format("<skipped message=\"{}\"/>", escaped(one.message));
    if (!one.text.empty()) out += "<system-out>" + escaped(one.text) + "</system-out>";
  }
  return out + "</testcase>\n";
}

std::string counts(std::size_t tests, std::ptrdiff_t failures, std::ptrdiff_t skipped) {
  return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", tests, failures, skipped);
}

void render(const Report& report, std::ostream& out) {
  std::vector<const Checks*> suites;
  for (const auto* section : sections_by(report, &Order::data)) collect(section->blocks, suites);
  std::size_t tests = 0;
  std::ptrdiff_t failures = 0, skipped = 0;
  for (const auto* suite : suites) {
    tests += suite->checks.size();
    failures += count(*suite, Mood::bad);
    skipped += count(*suite, Mood::neutral);
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      << fmt::format("<testsuites name=\"{}\" {}>\n", escaped("reprise " + report.recipe),
                     counts(tests, failures, skipped));
  for (const auto* suite : suites) {
    out << fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(suite->suite),
                       counts(suite->checks.size(), count(*suite, Mood::bad), count(*suite, Mood::neutral)));
    for (const auto& one : suite->checks) out << case_of(report.recipe, suite->suite, one);
    out << "  </testsuite>\n";
  }
  out << "</testsuites>\n";
}

}  // namespace

extern const Format junit{
    .summary = "JUnit XML, for a continuous-integration server",
    .extension = "xml",
    .render = render,
};

}  // namespace reprise::formats
