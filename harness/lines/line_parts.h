// SPDX-License-Identifier: Apache-2.0
#pragma once
// A printed line, read for what it says and not for when and where: numbers and words, and what is left out
// of a comparison because it differs between any two runs. That is: times of day, dates, durations (a number
// with a unit of time, or behind a word such as `elapsed`), rates, absolute paths and addresses of networks,
// hexadecimal addresses, process numbers, and progress bars that were drawn over. The rule stands in
// docs/python.md; what it left out is told where it differs.
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

enum class PartKind { text, number, left_out };

struct LinePart {
  PartKind kind;
  std::string_view text;  // within the line
};

// All of the line, in order.
std::vector<LinePart> parts_of(std::string_view line);

// What is seen of a line at the end: of the pieces that were drawn one over the other the last, without the
// codes of colors; of a progress bar that came to its end what stands behind its times, of another nothing.
std::string shown_at_end(std::string_view line);

}  // namespace reprise
