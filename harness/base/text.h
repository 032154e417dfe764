// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small text: splitting, numbers in and out without a locale, hexadecimal, the nearest of some names.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// The parts of `text` between single `separator`s; an empty text has one empty part.
std::vector<std::string> split(std::string_view text, char separator);
// Without white space at both ends.
std::string_view trim(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);

// The whole text as a number, or nothing.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<double> to_number(std::string_view text);

// The shortest decimal text that reads back as the same double, always with a '.', an 'e', "inf" or "nan" in
// it.
std::string number_text(double value);

std::string hex(std::span<const std::uint8_t> bytes);
// Bytes of an even count of hexadecimal digits, or nothing.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

// The candidate with the fewest edits to `name`, if it is near enough to be a slip of the keys.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

// "no axis named 'thread'; did you mean 'threads'? known: isa, mkl, threads": for every unknown name in the
// program.
std::string unknown_name(std::string_view kind, std::string_view name, std::span<const std::string> known);

// One word as a shell takes it: in quotes where it needs them.
std::string shell_word(const std::string& text);
// A command as a person types it, of its words; and back. An Error for a quote that has no end.
std::string shell_text(std::span<const std::string> words);
std::vector<std::string> shell_words(std::string_view text);

}  // namespace reprise
