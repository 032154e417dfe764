// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text of others, character by character, by utf8proc: what is UTF-8, what is a control character, and how
// wide a terminal shows it. (harness/recorder/opened has a scanner of its own: it comes into every process of
// a command, and utf8proc's tables would make it eight times as large.)
#include <cstdint>
#include <string_view>

namespace reprise {

struct Character {
  std::size_t bytes = 1;    // that it takes in the text
  std::uint32_t code = 0;   // of Unicode
  std::size_t columns = 1;  // on a terminal: 0 of an accent that joins the letter before it, 2 of a wide one
  bool valid = false;       // no: a byte that is no UTF-8, by itself
  bool control = false;     // C0, DEL or C1
};

// The one at the front of a text that is not empty.
Character character_at(std::string_view text);

// Columns that the text takes on a terminal.
std::size_t width_of(std::string_view text);

}  // namespace reprise
