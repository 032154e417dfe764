// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/wrap.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/utf8.h"

namespace reprise {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// As many characters as fit into `most` columns.
std::string_view front_of(std::string_view text, std::size_t most) {
  std::size_t at = 0, columns = 0;
  while (at < text.size()) {
    const Character next = character_at(text.substr(at));
    columns += next.columns;
    if (columns > most) break;
    at += next.bytes;
  }
  return text.substr(0, at);
}

bool may_be_shown(const Character& character) {
  const std::uint32_t code = character.code;
  if (code == '\n' || code == '\t') return true;
  const bool turns = code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
                     (code >= 0x2066 && code <= 0x2069);
  const bool breaks = code == 0x2028 || code == 0x2029 || code == 0xFFFE || code == 0xFFFF;
  return character.valid && !character.control && !turns && !breaks;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character next = character_at(text);
    out += may_be_shown(next) ? text.substr(0, next.bytes) : replacement;
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

namespace {

// Where a word of which `fits` bytes find room is cut: behind a mark inside a name, if one stands far enough
// back.
std::size_t cut_of(std::string_view word, std::size_t fits) {
  const auto mark = word.substr(0, fits).find_last_of("-_./:=,");
  return mark != std::string_view::npos && 3 * (mark + 1) >= fits ? mark + 1 : fits;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  check(width > 0, "a column has a width");
  std::vector<std::string> lines = {""};
  for (std::string word : split(printable(text), ' ')) {
    const std::size_t space = lines.back().empty() ? 0 : 1;
    if (width_of(lines.back()) + space + width_of(word) > width && !lines.back().empty())
      lines.emplace_back();
    while (width_of(word) > width && character_at(word).bytes < word.size()) {
      const std::size_t fits = front_of(word, width).size();  // nothing: the first is wider than the column
      lines.back() = word.substr(0, fits > 0 ? cut_of(word, fits) : character_at(word).bytes);
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
