// SPDX-License-Identifier: Apache-2.0
#include "harness/lines/text_diff.h"

#include <algorithm>

#include "harness/lines/line_match.h"
#include "harness/lines/line_parts.h"
#include "harness/lines/text_lines.h"

namespace reprise {
namespace {

bool is_one_of(char c, std::string_view chars) { return chars.find(c) != std::string_view::npos; }

constexpr std::size_t most_shown = 20, most_numbers = 4;

std::string in_one_blank(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\t')
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         is_one_of(c, "_/.-@") || static_cast<unsigned char>(c) >= 0x80;
}

// The last word of a text that holds no number: "accuracy" of "; accuracy = ".
std::string last_word(std::string_view text) {
  constexpr std::size_t longest = 60;
  while (!text.empty() && (!is_of_name(text.back()) || is_one_of(text.back(), "/.-@"))) text.remove_suffix(1);
  std::size_t first = text.size();
  while (first > 0 && is_of_name(text[first - 1])) --first;
  const std::string_view word = text.substr(first);
  return word.size() > longest ? "" : std::string(word);
}

std::vector<NumberDifference> numbers_of(const std::string& a, const std::string& b) {
  const auto first = parts_of(a), second = parts_of(b);
  std::vector<NumberDifference> numbers;
  if (first.size() != second.size()) return numbers;
  std::string word;
  for (std::size_t i = 0; i < first.size() && numbers.size() < most_numbers; ++i) {
    if (first[i].kind == PartKind::text)
      if (std::string next = last_word(first[i].text); !next.empty()) word = std::move(next);
    if (first[i].kind != PartKind::number || first[i].text == second[i].text) continue;
    numbers.push_back({word, std::string(first[i].text), std::string(second[i].text)});
  }
  return numbers;
}

LineDifference difference_of(const TextLine& a, const TextLine& b) {
  LineDifference one{a.number, b.number};
  one.text_a = shown_line(a.raw);
  one.text_b = shown_line(b.raw);
  if (a.words == b.words && a.said != b.said)
    one.numbers = numbers_of(shown_at_end(a.raw), shown_at_end(b.raw));
  return one;
}

void add_pair(const TextLine& a, const TextLine& b, TextDiff& diff) {
  if (a.said != b.said) {
    ++diff.differing;
    if (diff.shown.size() < most_shown) diff.shown.push_back(difference_of(a, b));
    return;
  }
  ++diff.equal;
  if (a.raw == b.raw || in_one_blank(shown_at_end(a.raw)) == in_one_blank(shown_at_end(b.raw))) return;
  if (diff.left_out++ == 0) diff.left_out_first = difference_of(a, b);
}

void add_alone(const std::vector<TextLine>& lines, const std::vector<std::size_t>& places, bool of_a,
               TextDiff& diff) {
  std::size_t shown = 0;
  for (const auto place : places) {
    if (shown++ == most_shown / 2) break;
    LineDifference one;
    (of_a ? one.line_a : one.line_b) = lines[place].number;
    (of_a ? one.text_a : one.text_b) = shown_line(lines[place].raw);
    diff.shown.push_back(std::move(one));
  }
}

}  // namespace

TextDiff compare_texts(std::string_view a, std::string_view b, bool several) {
  const TextLines first = lines_of(a.substr(0, most_text_bytes)),
                  second = lines_of(b.substr(0, most_text_bytes));
  TextDiff diff;
  diff.lines_a = first.lines.size();
  diff.lines_b = second.lines.size();
  diff.whole = a == b || (first.whole && second.whole && std::max(a.size(), b.size()) <= most_text_bytes);
  const LineMatch match = match_lines(first.lines, second.lines, several);
  for (const auto& [i, j] : match.pairs) add_pair(first.lines[i], second.lines[j], diff);
  diff.alone_a = match.alone_a.size();
  diff.alone_b = match.alone_b.size();
  add_alone(first.lines, match.alone_a, true, diff);
  add_alone(second.lines, match.alone_b, false, diff);
  diff.other_order = match.other_order;
  return diff;
}

}  // namespace reprise
