// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text for a terminal of 80 columns: tables that wrap, sentences with a hanging indent, commands that can be
// copied. Everything ends with a newline; nothing steers the terminal.
#include <string>
#include <string_view>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise::terminal {

inline constexpr std::size_t columns = 80;

using Rows = std::vector<std::vector<std::string>>;

// Each column as wide as its widest cell, but those over `most` wrap. Every line begins with `margin`.
std::string table(const Rows& rows, const std::vector<std::size_t>& most, const std::string& margin);
// The same; one that is wider than the terminal is turned: each row as lines of title and cell.
std::string fitting_table(const blocks::Table& table, const std::string& margin);
// The first line begins with `first`, the others with `others`, which is as wide or wider.
std::string hanging(std::string_view text, const std::string& first, const std::string& others);
// Broken between its words with a backslash; a word is never cut.
std::string command(std::string_view text, const std::string& margin);

}  // namespace reprise::terminal
