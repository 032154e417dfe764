// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/text_cells.h"

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {

void add_cell(std::vector<char>& cells, std::string_view text, std::size_t width, std::string_view what) {
  if (text.size() > width)
    fail("a trace holds a {} of at most {} bytes, but '{}' has {}; choose a shorter one", what, width, text,
         text.size());
  if (text.find('\0') != text.npos) fail("the {} '{}' holds a zero byte; use letters", what, text.data());
  cells.insert(cells.end(), text.begin(), text.end());
  cells.insert(cells.end(), width - text.size(), '\0');
}

std::vector<std::string> texts_of(const std::vector<char>& cells, std::size_t width) {
  std::vector<std::string> texts;
  texts.reserve(cells.size() / width);
  for (std::size_t i = 0; i + width <= cells.size(); i += width) {
    const std::string_view cell(cells.data() + i, width);
    texts.emplace_back(cell.substr(0, cell.find('\0')));
  }
  return texts;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : ",") + std::to_string(size);
  return text;
}

std::optional<std::vector<std::int64_t>> shape_from_text(std::string_view text) {
  std::vector<std::int64_t> shape;
  if (text.empty()) return shape;
  for (const auto& part : split(text, ',')) {
    const auto size = to_integer(part);
    if (!size || *size < 0) return std::nullopt;
    shape.push_back(*size);
  }
  return shape;
}

}  // namespace reprise
