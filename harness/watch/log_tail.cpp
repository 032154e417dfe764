// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/log_tail.h"

#include <algorithm>
#include <fstream>

#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::size_t longest_line = 400;
constexpr std::uint64_t end_bytes = 65536;

std::string read_from(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t most) {
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  if (!in) return {};
  std::string text(most, '\0');
  in.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

// Bytes of the UTF-8 character at the front of `text`; 0 if it is none or a control character.
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
  const std::size_t count = first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : 4;
  if (first < 0xC2 || first > 0xF4 || text.size() < count) return 0;
  for (std::size_t i = 1; i < count; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(1);
  // Overlong forms, surrogates and what lies beyond Unicode.
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90))
    return 0;
  return count;
}

}  // namespace

std::string cleaned_line(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t count = character_bytes(text);
    if (clean.size() + std::max<std::size_t>(count, 1) > longest_line) break;
    if (count == 0)
      clean += text[0] == '\t' ? ' ' : '?';
    else
      clean += text.substr(0, count);
    text.remove_prefix(std::max<std::size_t>(count, 1));
  }
  return clean;
}

std::vector<std::string> end_of_log(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return {};
  const std::uint64_t start = size > end_bytes ? size - end_bytes : 0;
  std::vector<std::string> lines;
  for (const auto& line : split(read_from(path, start, end_bytes), '\n'))
    if (const auto text = trim(line); !text.empty()) lines.push_back(cleaned_line(text));
  return lines;
}

}  // namespace reprise
