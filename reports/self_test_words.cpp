// SPDX-License-Identifier: Apache-2.0
#include "reports/self_test_words.h"

#include <fmt/core.h>

#include <algorithm>

#include "reports/marks.h"

namespace reprise {
namespace {

// The two rows in which nothing is injected, and their words for: as expected, not so.
struct Measured {
  std::string_view name, what, good, bad;
};
constexpr Measured measured[] = {
    {"watched", "watching", "measured: watching did not change the run", "watching changed the run"},
    {"resumed", "restarting",
     "measured: restarted from what is digested, the training continued with equal bits",
     "restarted from what is digested, the training continued with other bits"}};

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

}  // namespace

std::string result_word(Caught result) {
  constexpr std::string_view words[] = {"as expected", "NOT as expected", "cannot be determined", "untested"};
  return std::string(words[static_cast<std::size_t>(result)]);
}

Mood mood_of(Caught result) {
  return result == Caught::caught ? Mood::good : result == Caught::escaped ? Mood::bad : Mood::neutral;
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

std::string escape_sentence(const SelfTest& test) {
  const auto row = std::ranges::find(test.rows, Caught::escaped, &SelfTestRow::result);
  if (row == test.rows.end()) return test.sentence;
  const Measured* one = measured_in(*row);
  if (one == nullptr) return "the self-test let a fault escape: " + row->sentence;
  return fmt::format("the self-test failed: {}: {}", one->bad, row->sentence);
}

}  // namespace reprise
