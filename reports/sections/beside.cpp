// SPDX-License-Identifier: Apache-2.0
// What the runs printed and left, beside what they trained.
#include "harness/judge/compare/beside.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/judge/compare/beside_words.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

constexpr std::size_t most_rows = 60;

Mood mood_of(LeftResult result) {
  return result == LeftResult::equal || result == LeftResult::other_order ? Mood::good : Mood::neutral;
}

// One thing of one pair of runs.
struct Told {
  std::string what;  // "printed", or the file's name
  LeftResult result;
  std::string found;
};

Told printed_of(const BesidePair& pair) {
  const LeftResult result = pair.printed_result();
  if (!pair.printed || result == LeftResult::not_compared) return {"printed", result, pair.printed_reason};
  const TextDiff& text = *pair.printed;
  if (result == LeftResult::other_order) return {"printed", result, "the same lines in another order"};
  if (result == LeftResult::equal) return {"printed", result, counted(text.lines_a, "equal line")};
  std::string found = to_words(text.shown.front());
  const std::size_t more = text.differing + text.alone_a + text.alone_b - 1;
  if (more > 0) found += fmt::format(" and {} more", counted(more, "line"));
  return {"printed", result, found};
}

std::vector<Told> told_of(const BesidePair& pair, const Diff& diff) {
  std::vector<Told> all{printed_of(pair)};
  for (const auto& file : pair.files) {
    std::string found = to_words(file, diff.traces[pair.a].name, diff.traces[pair.b].name);
    if (found.starts_with(file.name + ": ")) found.erase(0, file.name.size() + 2);
    all.push_back({file.name, file.result, found});
  }
  if (!pair.files_reason.empty()) all.push_back({"left", LeftResult::not_compared, pair.files_reason});
  return all;
}

std::string runs_of(const BesidePair& pair, const Diff& diff) {
  std::string text = fmt::format("{} and {}", diff.traces[pair.a].name, diff.traces[pair.b].name);
  return pair.same_class ? text : text + ", whose training differs";
}

blocks::Table table_of(const Beside& beside, const Diff& diff) {
  blocks::Table table{.label = "Printed and left", .style = "beside"};
  table.columns = {{"what", 16}, {"runs", 20}, {"found", 36}};
  std::size_t left_out = 0;
  for (const auto& pair : beside.pairs)
    for (const auto& told : told_of(pair, diff)) {
      if (told.result == LeftResult::equal) continue;
      if (table.rows.size() == most_rows) {
        ++left_out;
        continue;
      }
      table.rows.push_back({{{told.what}, {runs_of(pair, diff)}, {told.found}}});
    }
  if (left_out > 0)
    table.rows.push_back({{{counted(left_out, "more row")}, {""}, {"the JSON report has them all"}}});
  return table;
}

blocks::Checks checks_of(const Beside& beside, const Diff& diff) {
  blocks::Checks checks{.suite = "beside"};
  for (const auto& pair : beside.pairs) {
    if (!pair.same_class) continue;
    for (const auto& told : told_of(pair, diff))
      checks.checks.push_back({.name = fmt::format("{}: {}", runs_of(pair, diff), told.what),
                               .mood = mood_of(told.result),
                               .message = told.found});
  }
  return checks;
}

// What the rule left out, once for each pair, the first few.
std::vector<std::string> left_out_of(const Beside& beside) {
  constexpr std::size_t most = 3;
  std::vector<std::string> sentences;
  for (const auto& pair : beside.pairs) {
    const std::string words = pair.printed ? left_out_words(*pair.printed) : "";
    if (!words.empty() && sentences.size() < most) sentences.push_back(sentence("Printed: " + words));
    for (const auto& file : pair.files)
      if (const std::string more = file.lines ? left_out_words(*file.lines) : "";
          !more.empty() && sentences.size() < most)
        sentences.push_back(sentence(file.name + ": " + more));
  }
  return sentences;
}

Json json_of(const TextDiff& text) {
  Json shown = Json::array();
  for (const auto& line : text.shown) {
    Json numbers = Json::array();
    for (const auto& number : line.numbers)
      numbers.push_back({{"word", number.word}, {"a", number.a}, {"b", number.b}});
    shown.push_back({{"line_a", line.line_a > 0 ? Json(line.line_a) : Json()},
                     {"line_b", line.line_b > 0 ? Json(line.line_b) : Json()},
                     {"numbers", numbers},
                     {"text_a", line.text_a},
                     {"text_b", line.text_b}});
  }
  return {{"lines_a", text.lines_a},     {"lines_b", text.lines_b}, {"equal", text.equal},
          {"differing", text.differing}, {"alone_a", text.alone_a}, {"alone_b", text.alone_b},
          {"left_out", text.left_out},   {"whole", text.whole},     {"shown", shown}};
}

Json json_of(const FileDiff& file) {
  Json values = Json::array();
  for (const auto& value : file.values)
    values.push_back({{"name", value.name}, {"tensor", value.tensor}, {"a", value.a}, {"b", value.b}});
  return {{"name", file.name},
          {"name_b", file.name_b},
          {"result", to_text(file.result)},
          {"bytes_a", file.bytes[0]},
          {"bytes_b", file.bytes[1]},
          {"remark", file.remark},
          {"differing", file.differing},
          {"values", values},
          {"lines", file.lines ? json_of(*file.lines) : Json()}};
}

Json json_of(const Beside& beside, const Diff& diff) {
  Json pairs = Json::array();
  for (const auto& pair : beside.pairs) {
    Json files = Json::array();
    for (const auto& file : pair.files) files.push_back(json_of(file));
    pairs.push_back({{"a", diff.traces[pair.a].name},
                     {"b", diff.traces[pair.b].name},
                     {"same_class", pair.same_class},
                     {"printed", to_text(pair.printed_result())},
                     {"printed_reason", pair.printed_reason},
                     {"printed_lines", pair.printed ? json_of(*pair.printed) : Json()},
                     {"files", files},
                     {"files_reason", pair.files_reason}});
  }
  return {{"differs", differing_beside(beside, diff)},
          {"not_compared", not_compared_beside(beside)},
          {"pairs", pairs},
          {"pairs_left_out", beside.pairs_left_out}};
}

// "What they printed (6 lines) and left (2 files seen) is equal too."; "" where something differs, stands in
// another order or was not compared.
std::string equal_words(const Beside& beside) {
  if (beside.pairs_left_out > 0) return "";
  std::size_t lines = 0, files = 0, left_out = 0;
  const auto equal = [](const FileDiff& file) { return file.result == LeftResult::equal; };
  for (const auto& pair : beside.pairs) {
    if (pair.printed_result() != LeftResult::equal || !pair.files_reason.empty() ||
        !std::ranges::all_of(pair.files, equal))
      return "";
    std::size_t here = pair.printed->left_out;
    for (const auto& file : pair.files) here += file.lines ? file.lines->left_out : 0;
    left_out = std::max(left_out, here);
    lines = std::max(lines, pair.printed->lines_a);
    files = std::max(files, pair.files.size());
  }
  return fmt::format("What they printed ({}) and left ({} seen) is equal too{}.", counted(lines, "line"),
                     counted(files, "file"),
                     left_out > 0
                         ? fmt::format(", but for times, paths and the like in {}, which are left out",
                                       counted(left_out, "line"))
                         : "");
}

Section compose(const Judged& judged) {
  Section section{.heading = "Printed and left"};
  section.members = {{"beside", Json()}};
  const auto& beside = judged.closer.beside;
  if (!beside || beside->pairs.empty()) return section;
  section.members["beside"] = json_of(*beside, judged.diff);
  const std::string told = beside_sentence(*beside, judged.diff);
  if (!told.empty()) section.blocks.push_back({blocks::Prose{{told}}, Readers::pages});
  if (const std::string equal = equal_words(*beside); !equal.empty())
    section.blocks.push_back({blocks::Prose{{equal}}});
  if (auto table = table_of(*beside, judged.diff); !table.rows.empty()) section.blocks.push_back({table});
  if (auto left_out = left_out_of(*beside); !left_out.empty())
    section.blocks.push_back({blocks::Prose{left_out, true}, Readers::pages});
  if (auto checks = checks_of(*beside, judged.diff); !checks.checks.empty())
    section.blocks.push_back({checks, Readers::servers});
  return section;
}

}  // namespace

extern const SectionComposer beside{
    .summary = "what the runs printed and left, beside what they trained",
    .order = {.page = 15, .terminal = 74, .data = 75},
    .compose = compose,
};

}  // namespace reprise::sections
