// SPDX-License-Identifier: Apache-2.0
#pragma once
// A text as lines that can be matched with those of another: each with digests of what it says, of its words
// and whole numbers, and of its words alone. Bounded, so that a log of any length is read.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct TextLine {
  std::size_t number = 0;     // counted from 1, as an editor does
  std::string_view raw;       // as it lies in the text
  std::uint64_t said = 0;     // all but what is left out (line_parts.h)
  std::uint64_t counted = 0;  // the same without the digits of fractions
  std::uint64_t words = 0;    // the same without any number
  std::uint64_t first = 0;    // its first word
};

struct TextLines {
  std::vector<TextLine> lines;  // that show something
  bool whole = true;            // false: the text goes on
};

inline constexpr std::size_t most_lines = 1'000'000, most_text_bytes = std::size_t{32} << 20;

// `text` must outlive what is given back. Empty lines, and those of which nothing is seen at the end, are
// none.
TextLines lines_of(std::string_view text, std::size_t most = most_lines);

// For people: what is seen of a line, valid UTF-8 without control characters, at most 200 bytes.
std::string shown_line(std::string_view raw);

}  // namespace reprise
