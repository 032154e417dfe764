// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text made safe to show, and text in columns: widths in columns of a terminal, lines cut at spaces.
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/utf8.h"

namespace reprise {

// Valid UTF-8 in which nothing steers a terminal, breaks a document or turns the direction of reading: broken
// bytes, control characters and bidirectional controls become U+FFFD. Newlines and tabs stay.
std::string clean(std::string_view text);
// The same on one line: newlines and tabs become spaces.
std::string printable(std::string_view text);

// At least one line; a word longer than `width` is cut, behind a mark inside it ("-", ".", "/") where it can
// be.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// At most `most` columns, the last of them "…" where something was cut.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace reprise
