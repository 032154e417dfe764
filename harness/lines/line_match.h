// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which line of one text stands for which line of another.
#include <utility>
#include <vector>

#include "harness/lines/text_lines.h"

namespace reprise {

struct LineMatch {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  // places in both, by the first
  std::vector<std::size_t> alone_a, alone_b;
  bool other_order = false;  // the same lines, and some stand elsewhere
};

// `several`: more than one process printed into each text, so that the order of lines says nothing.
LineMatch match_lines(const std::vector<TextLine>& a, const std::vector<TextLine>& b, bool several);

}  // namespace reprise
