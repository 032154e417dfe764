// SPDX-License-Identifier: Apache-2.0
// What a self-test found: its rows, its marks, and what it does to a report where something escaped.
#include <fmt/core.h>

#include <algorithm>

#include "reports/compose_parts.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

std::string result_word(Caught result) {
  constexpr std::string_view words[] = {"as it must be", "NOT as it must be", "cannot be told", "untested"};
  return std::string(words[static_cast<std::size_t>(result)]);
}

Mood mood_of(Caught result) {
  return result == Caught::caught ? Mood::good : result == Caught::escaped ? Mood::bad : Mood::neutral;
}

// The two rows in which nothing is sown, and their words for: as it must be, not so.
struct Measured {
  std::string_view name, what, good, bad;
};
constexpr Measured measured[] = {
    {"watched", "watching", "measured: watching did not change the run", "watching changed the run"},
    {"resumed", "beginning anew",
     "measured: begun anew from what is digested, the training went on with equal bits",
     "begun anew from what is digested, the training went on with other bits"}};

const Measured* measured_in(const SelfTestRow& row) {
  const auto found = std::ranges::find(measured, row.name, &Measured::name);
  return found == std::end(measured) ? nullptr : found;
}

Mark measured_mark(const Measured& one, const SelfTestRow& row) {
  if (row.result == Caught::caught) return {Mood::good, std::string(one.good)};
  if (row.result == Caught::escaped) return {Mood::bad, fmt::format("{}: found {}", one.bad, row.found)};
  return {Mood::neutral,
          fmt::format("whether {} changes the run: {}{}", one.what, result_word(row.result),
                      row.result == Caught::masked ? ", since two equal plans gave other bits already"
                                                   : ", the short run could not be made")};
}

// Why the report is void, told by the first row that is not as it must be.
std::string escape_sentence(const SelfTest& test) {
  const auto row = std::ranges::find(test.rows, Caught::escaped, &SelfTestRow::result);
  if (row == test.rows.end()) return test.sentence;
  const Measured* one = measured_in(*row);
  if (one == nullptr) return "the self-test let a fault escape: " + row->sentence;
  return fmt::format("the self-test failed: {}: {}", one->bad, row->sentence);
}

}  // namespace

SelfTestPart self_test_part(const SelfTest& test) {
  SelfTestPart part{test.is_void, test.sentence, {}};
  for (const auto& row : test.rows)
    part.rows.push_back({row.name, row.injected, row.wanted, row.found, result_word(row.result), row.sentence,
                         mood_of(row.result)});
  return part;
}

std::vector<Mark> self_test_marks(const std::optional<SelfTest>& test) {
  if (!test) return {{Mood::neutral, "self-test: not run"}};
  const bool all = std::ranges::all_of(test->rows, [](const SelfTestRow& row) {
    return measured_in(row) != nullptr || row.result == Caught::caught;
  });
  std::vector<Mark> marks{{test->is_void ? Mood::bad : all ? Mood::good : Mood::neutral, test->sentence}};
  for (const auto& row : test->rows)
    if (const Measured* one = measured_in(row)) marks.push_back(measured_mark(*one, row));
  return marks;
}

void declare_void(const SelfTest& test, Report& report) {
  if (!test.is_void) return;
  report.mood = Mood::bad;
  report.exit_code = 2;
  report.title = report.recipe + ": this report is void";
  report.verdict.insert(report.verdict.begin(), "What it would say: " + report.headline);
  report.headline = sentence("This report is void: " + escape_sentence(test));
  report.next = {
      "Find out what escaped, and why, before anything here is used: see under self-test. "
      "`reprise run RECIPE --self-test` makes the self-test alone.",
      ""};
}

}  // namespace reprise
