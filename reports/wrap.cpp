// SPDX-License-Identifier: Apache-2.0
#include "reports/wrap.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The first `count` characters.
std::string_view front_of(std::string_view text, std::size_t count) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins_character(text[i]) && count-- == 0) return text.substr(0, i);
  return text;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), &begins_character));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  check(width > 0, "a column has a width");
  const std::string clean = printable(text);
  std::vector<std::string> lines = {""};
  for (std::string_view word_left : split(clean, ' ')) {
    std::string word(word_left);
    const std::size_t space = lines.back().empty() ? 0 : 1;
    if (width_of(lines.back()) + space + width_of(word) > width && !lines.back().empty())
      lines.emplace_back();
    while (width_of(word) > width) {
      const std::string front(front_of(word, width));
      lines.back() = front;
      lines.emplace_back();
      word = word.substr(front.size());
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += c == '\t' || c == '\n' ? ' ' : byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return clean;
}

}  // namespace reprise
