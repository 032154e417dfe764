// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where two printed texts say other things: which numbers, under which word, at which lines.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

struct NumberDifference {
  std::string word;  // before it in the line: "accuracy"; "" where there is none
  std::string a, b;  // as printed: "0.7560"
};

struct LineDifference {
  std::size_t line_a = 0, line_b = 0;          // counted from 1; 0: that side has no such line
  std::vector<NumberDifference> numbers = {};  // where the words are the same
  std::string text_a = {}, text_b = {};        // what is seen of the lines
};

struct TextDiff {
  std::size_t lines_a = 0, lines_b = 0;          // that show something
  std::size_t equal = 0, differing = 0;          // pairs of lines
  std::size_t alone_a = 0, alone_b = 0;          // lines without a partner
  std::size_t left_out = 0;                      // of the equal ones: they differ in times, paths and such
  std::optional<LineDifference> left_out_first;  // the first of these
  bool other_order = false;                      // the same lines in another order
  bool whole = true;                             // false: the texts go on, and the rest was not compared
  std::vector<LineDifference> shown;             // the first of those that differ or are alone

  bool same() const { return differing + alone_a + alone_b == 0; }
};

// `several`: more than one process printed into each, so that the order of lines says nothing. Texts beyond
// 32 MiB or a million lines are compared up to there.
TextDiff compare_texts(std::string_view a, std::string_view b, bool several);

}  // namespace reprise
