// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/beside_words.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

constexpr std::size_t most_values = 4, most_items = 3;

std::string in_quotes(const std::string& text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return "'" + text + "'";
  std::size_t end = longest;  // never within a character
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return "'" + text.substr(0, end) + "...'";
}

std::string line_numbers(const LineDifference& line) {
  if (line.line_a == line.line_b) return fmt::format("line {}", line.line_a);
  return fmt::format("lines {} and {}", line.line_a, line.line_b);
}

// The numbers printed at one place by the runs of a class, each once.
std::vector<std::string> values_at(const LineDifference& first, std::size_t reference, const Beside& beside) {
  std::vector<std::string> values{first.numbers.front().a};
  for (const auto& pair : beside.pairs) {
    if (!pair.same_class || pair.a != reference || !pair.printed) continue;
    for (const auto& line : pair.printed->shown) {
      if (line.line_a != first.line_a || line.numbers.empty()) continue;
      const auto& number = line.numbers.front();
      if (number.word != first.numbers.front().word) continue;
      if (std::ranges::find(values, number.b) == values.end()) values.push_back(number.b);
    }
  }
  if (values.size() <= most_values) return values;
  const std::size_t more = values.size() - most_values;
  values.resize(most_values);
  values.push_back(fmt::format("{} other numbers", more));
  return values;
}

// What one pair printed differently, the first of it, and how much more there is.
std::string printed_words(const BesidePair& pair, const Beside& beside, const Diff& diff) {
  const TextDiff& text = *pair.printed;
  const std::size_t alone = text.alone_a + text.alone_b;
  if (text.differing == 0)
    return fmt::format("{} and {} printed {} and {}, of which {} in one of them alone",
                       diff.traces[pair.a].name, diff.traces[pair.b].name, counted(text.lines_a, "line"),
                       counted(text.lines_b, "line"),
                       alone == 1 ? "1 stands" : fmt::format("{} stand", alone));
  const LineDifference& first = text.shown.front();
  std::string words =
      first.numbers.empty() ? to_words(first) : to_words(first, values_at(first, pair.a, beside));
  const std::size_t more = text.differing - 1 + alone;
  if (more > 0) words += fmt::format(" and {} more", counted(more, "line"));
  return words;
}

bool parts(const FileDiff& file) {
  return file.result == LeftResult::differs || file.result == LeftResult::alone;
}

// Each file once, whichever pair shows it first.
std::vector<std::string> file_words(const Beside& beside, const Diff& diff) {
  std::vector<std::string> names, words;
  for (const auto& pair : beside.pairs) {
    if (!pair.same_class) continue;
    for (const auto& file : pair.files) {
      if (!parts(file) || std::ranges::find(names, file.name) != names.end()) continue;
      names.push_back(file.name);
      words.push_back(to_words(file, diff.traces[pair.a].name, diff.traces[pair.b].name));
    }
  }
  if (words.size() <= most_items) return words;
  const std::size_t more = words.size() - most_items;
  words.resize(most_items);
  words.push_back(counted(more, "more file"));
  return words;
}

std::string value_words(const FileDiff& file) {
  const ValueDifference& first = file.values.front();
  std::string words = shown(first.name);
  if (!first.tensor)
    words += fmt::format(" {} and {}", first.a.empty() ? "missing" : shown(first.a),
                         first.b.empty() ? "missing" : shown(first.b));
  else if (first.a != first.b)
    words += fmt::format(" {} and {}", first.a.empty() ? "missing" : first.a,
                         first.b.empty() ? "missing" : first.b);
  else
    words = "the tensor " + words + " differs";
  if (file.differing > 1) words += fmt::format(" and {} more", file.differing - 1);
  return words;
}

}  // namespace

std::string to_words(const LineDifference& line, const std::vector<std::string>& values) {
  if (line.line_a == 0)
    return fmt::format("line {} of the second alone: {}", line.line_b, in_quotes(line.text_b));
  if (line.line_b == 0)
    return fmt::format("line {} of the first alone: {}", line.line_a, in_quotes(line.text_a));
  if (line.numbers.empty())
    return fmt::format("{}: {} and {}", line_numbers(line), in_quotes(line.text_a), in_quotes(line.text_b));
  const NumberDifference& number = line.numbers.front();
  const std::vector<std::string> both{number.a, number.b};
  const std::string printed = listed(values.empty() ? both : values);
  if (number.word.empty()) return fmt::format("{} printed ({})", printed, line_numbers(line));
  return fmt::format("{} printed {} ({})", number.word, printed, line_numbers(line));
}

std::string to_words(const FileDiff& file, const std::string& name_a, const std::string& name_b) {
  const std::string name =
      file.name == file.name_b ? file.name : fmt::format("{} ({} in {})", file.name, file.name_b, name_b);
  if (file.result == LeftResult::equal) return "";
  if (file.result == LeftResult::not_compared) return fmt::format("{}: not compared, {}", name, file.remark);
  if (file.result == LeftResult::other_order) return name + ": the same lines in another order";
  if (file.result == LeftResult::alone)
    return fmt::format("{}: left by {} alone", name, file.side == 0 ? name_a : name_b);
  if (!file.values.empty()) return fmt::format("{}: {}", name, value_words(file));
  if (!file.lines || file.lines->shown.empty())
    return file.bytes[0] == file.bytes[1]
               ? name + ": other bytes"
               : fmt::format("{}: other bytes ({} and {} of them)", name, file.bytes[0], file.bytes[1]);
  const TextDiff& text = *file.lines;
  const std::size_t more = text.differing + text.alone_a + text.alone_b - 1;
  std::string words = fmt::format("{}: {}", name, to_words(text.shown.front()));
  if (more > 0) words += fmt::format(" and {} more", counted(more, "line"));
  return words;
}

std::string left_out_words(const TextDiff& text) {
  if (text.left_out == 0) return "";
  const LineDifference& first = *text.left_out_first;
  return fmt::format(
      "{} in what is left out alone (times, rates, paths, addresses, process numbers, progress bars), such "
      "as {}: {} and {}",
      text.left_out == 1 ? "1 line differs" : fmt::format("{} lines differ", text.left_out),
      line_numbers(first), in_quotes(first.text_a), in_quotes(first.text_b));
}

std::string differing_beside(const Beside& beside, const Diff& diff) {
  std::vector<std::string> items;
  bool printed = false;
  for (const auto& pair : beside.pairs)
    if (pair.same_class && !printed && pair.printed_result() == LeftResult::differs) {
      items.push_back(printed_words(pair, beside, diff));
      printed = true;
    }
  const auto files = file_words(beside, diff);
  if (!printed && files.empty()) return "";
  items.insert(items.end(), files.begin(), files.end());
  const std::string what = !printed ? "left" : files.empty() ? "printed" : "printed and left";
  return fmt::format("what they {} differs: {}", what, join(items, "; "));
}

std::string not_compared_beside(const Beside& beside) {
  std::size_t files = 0;
  std::string first;
  for (const auto& pair : beside.pairs) {
    if (!pair.same_class) continue;
    for (const auto* reason : {&pair.printed_reason, &pair.files_reason})
      if (!reason->empty() && first.empty()) first = *reason;
    for (const auto& file : pair.files)
      if (file.result == LeftResult::not_compared && files++ == 0 && first.empty())
        first = to_words(file, "the first", "the other");
  }
  if (first.empty() && beside.pairs_left_out > 0)
    return fmt::format(
        "what they printed and left was compared in {} pairs of runs alone, the others are too many",
        beside.pairs.size());
  return files > 1 ? fmt::format("{} (and {} more)", first, files - 1) : first;
}

std::string beside_sentence(const Beside& beside, const Diff& diff) {
  if (std::ranges::none_of(beside.pairs, &BesidePair::same_class)) return "";
  const bool all = diff.all_equal();
  const std::string who = all ? "They" : "Runs of equal bits";
  if (const std::string words = differing_beside(beside, diff); !words.empty())
    return fmt::format("{}: {}.", all ? "Beside the training" : "Beside runs of equal bits", words);
  const std::string open = not_compared_beside(beside);
  if (!open.empty()) return fmt::format("Not compared beside the training: {}.", open);
  std::size_t lines = 0, files = 0;
  bool order = false;
  for (const auto& pair : beside.pairs) {
    if (!pair.same_class) continue;
    lines = std::max(lines, pair.printed->lines_a);
    files = std::max(files, pair.files.size());
    order = order || pair.printed->other_order;
  }
  return fmt::format("{} printed the same {}{}, times, paths and the like left out, and left the same {}.",
                     who, counted(lines, "line"), order ? " in another order" : "", counted(files, "file"));
}

}  // namespace reprise
