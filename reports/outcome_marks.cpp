// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <map>

#include "harness/judge/compare/divergence_words.h"
#include "reports/marks.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

constexpr std::size_t marks_told = 3;

void add_notes(const Matrix& matrix, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> said;
  for (const auto& configuration : matrix.configurations)
    for (const auto& note : configuration.outcome.notes) ++said[note];
  const std::size_t before = marks.size();
  add_once(said, matrix.configurations.size(), marks);
  for (std::size_t i = before; i < marks.size(); ++i)
    if (marks[i].text.starts_with("the recorder could not")) marks[i].mood = Mood::bad;
}

// What cannot be done here is no fault; a run that did not finish is one.
Mood mood_of(const Outcome& outcome) { return outcome.ending == Ending::skipped ? Mood::neutral : Mood::bad; }

void add_untested_marks(const Matrix& matrix, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> kinds;
  std::size_t count = 0;
  for (const auto& configuration : matrix.configurations) {
    if (configuration.outcome.done()) continue;
    ++count;
    ++kinds[kind_of(configuration.outcome)];
  }
  if (count > marks_told) {
    std::vector<std::string> parts;
    for (const auto& [kind, number] : kinds) parts.push_back(fmt::format("{} {}", number, kind));
    const Mood mood = kinds.size() == 1 && kinds.contains("skipped") ? Mood::neutral : Mood::bad;
    marks.push_back({mood, fmt::format("{} runs untested: {}", count, listed(parts))});
    return;
  }
  for (const auto& configuration : matrix.configurations)
    if (const auto& outcome = configuration.outcome; !outcome.done())
      marks.push_back(
          {mood_of(outcome), fmt::format("{}: untested, {}", configuration.name, reason_of(outcome))});
}

}  // namespace

void add_once(const std::map<std::string, std::size_t>& said, std::size_t runs, std::vector<Mark>& marks) {
  for (const auto& [words, count] : said)
    marks.push_back(
        {Mood::neutral, words + (runs > 1 ? fmt::format(" (in {} of {} runs)", count, runs) : "")});
}

std::vector<Mark> outcome_marks(const Matrix& matrix) {
  std::vector<Mark> marks;
  add_untested_marks(matrix, marks);
  add_notes(matrix, marks);
  return marks;
}

}  // namespace reprise
