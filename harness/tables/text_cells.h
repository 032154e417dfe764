// SPDX-License-Identifier: Apache-2.0
#pragma once
// Texts as cells of a fixed width, zero-padded, one after the other: how HDF5 keeps them in a trace.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// Appends one cell. A text that is too long, or holds a zero byte, is an Error; `what` names it for people.
void add_cell(std::vector<char>& cells, std::string_view text, std::size_t width, std::string_view what);
std::vector<std::string> texts_of(const std::vector<char>& cells, std::size_t width);

// "4000,40"; "" for a scalar. Nothing for a text that is not a shape.
std::string shape_text(const std::vector<std::int64_t>& shape);
std::optional<std::vector<std::int64_t>> shape_from_text(std::string_view text);

}  // namespace reprise
