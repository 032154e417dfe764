// SPDX-License-Identifier: Apache-2.0
#include "reports/wrap.h"

#include <algorithm>
#include <cstdint>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The first `count` characters.
std::string_view front_of(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins_character(text[i]) && count-- == 0) return text.substr(0, i);
  return text;
}

struct Character {
  std::size_t bytes = 1;
  std::uint32_t code = 0;
  bool valid = false;
};

// The character at the front of a text that is not empty; one byte, not valid, where it is no UTF-8.
Character character_at(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {1, first, true};
  const std::size_t bytes = first >= 0xF0 && first < 0xF5   ? 4
                            : first >= 0xE0 && first < 0xF0 ? 3
                            : first >= 0xC2 && first < 0xE0 ? 2
                                                            : 1;
  if (bytes == 1 || text.size() < bytes) return {};
  std::uint32_t code = first & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if (begins_character(text[i])) return {};
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {bytes, code, true};
}

bool may_be_shown(std::uint32_t code) {
  if (code == '\n' || code == '\t') return true;
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
  const bool turns = code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                     (code >= 0x2066 && code <= 0x2069);
  const bool breaks = code == 0x2028 || code == 0x2029 || code == 0xFFFE || code == 0xFFFF;
  return !turns && !breaks;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character next = character_at(text);
    out += next.valid && may_be_shown(next.code) ? text.substr(0, next.bytes) : replacement;
    text.remove_prefix(next.bytes);
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string line = clean(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), &begins_character));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  check(width > 0, "a column has a width");
  std::vector<std::string> lines = {""};
  for (std::string word : split(printable(text), ' ')) {
    const std::size_t space = lines.back().empty() ? 0 : 1;
    if (width_of(lines.back()) + space + width_of(word) > width && !lines.back().empty())
      lines.emplace_back();
    while (width_of(word) > width) {
      lines.back() = front_of(word, width);
      word = word.substr(lines.back().size());
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::string line = printable(text);
  if (width_of(line) <= most) return line;
  return std::string(front_of(line, most - 1)) + "…";
}

}  // namespace reprise
