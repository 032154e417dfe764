// SPDX-License-Identifier: Apache-2.0
#include "harness/lines/text_lines.h"

#include "harness/base/text.h"
#include "harness/base/utf8.h"
#include "harness/lines/line_parts.h"
#include "harness/tensor/digest.h"

namespace reprise {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool has_fraction(std::string_view number) { return number.find_first_of(".eEnN") != std::string_view::npos; }

// Blanks count as one: columns move with the width of a time.
void add_text(std::string_view text, std::string& into) {
  for (const char c : text)
    if (!is_blank(c))
      into += c;
    else if (!into.empty() && into.back() != ' ')
      into += ' ';
}

std::uint64_t digest_of_words(std::string words) {
  while (words.ends_with(' ')) words.pop_back();
  return name_digest(words).low;
}

// Nothing is seen of it: no line.
bool read_line(std::string_view raw, TextLine& line) {
  const std::string shown = shown_at_end(raw);
  const std::string_view text = trim(shown);
  if (text.empty()) return false;
  std::string said, counted, words;
  for (const auto& part : parts_of(text)) {
    const bool number = part.kind == PartKind::number;
    if (part.kind == PartKind::text) {
      for (std::string* one : {&said, &counted, &words}) add_text(part.text, *one);
      continue;
    }
    // A byte that no text holds stands for what is not told.
    said += number ? std::string(part.text) : "\x01";
    counted += number && !has_fraction(part.text) ? std::string(part.text) : number ? "\x02" : "\x01";
    words += number ? "\x02" : "\x01";
  }
  line.raw = raw;
  line.first = name_digest(text.substr(0, text.find_first_of(" \t:=,"))).low;
  line.said = digest_of_words(std::move(said));
  line.counted = digest_of_words(std::move(counted));
  line.words = digest_of_words(std::move(words));
  return true;
}

}  // namespace

TextLines lines_of(std::string_view text, std::size_t most) {
  TextLines found;
  std::size_t number = 0;
  while (!text.empty()) {
    if (number == most) {
      found.whole = false;
      break;
    }
    const auto end = text.find('\n');
    TextLine line;
    line.number = ++number;
    if (read_line(text.substr(0, end), line)) found.lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return found;
}

std::string shown_line(std::string_view raw) {
  constexpr std::size_t longest = 200;
  const std::string shown = shown_at_end(raw);
  std::string clean;
  for (std::string_view rest = trim(shown); !rest.empty();) {
    const Character next = character_at(rest);
    const bool stays = next.valid && !next.control;
    if (clean.size() + (stays ? next.bytes : 1) > longest) return clean + "...";
    if (stays)
      clean += rest.substr(0, next.bytes);
    else
      clean += rest[0] == '\t' ? ' ' : '?';
    rest.remove_prefix(next.bytes);
  }
  return clean;
}

}  // namespace reprise
