// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text in columns: widths in characters (code points), lines cut at spaces.
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

std::size_t width_of(std::string_view text);
// At least one line; a word longer than `width` is cut.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// Control characters, which could steer a terminal or break a document, become '?'. Tabs and newlines become
// spaces.
std::string printable(std::string_view text);

}  // namespace reprise
