// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/log_tail.h"

#include <algorithm>
#include <fstream>

#include "harness/base/text.h"
#include "harness/base/utf8.h"

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

// "[rank0]: RuntimeError: Connection closed by peer", as torch marks what a rank itself printed.
bool is_error_of_rank(const std::string& line) {
  const auto begin = line.find("]: "), end = line.find("Error: ");
  return line.starts_with("[rank") && begin != line.npos && end != line.npos && begin + 3 < end &&
         line.find(' ', begin + 3) > end;
}

}  // namespace

std::string cleaned_line(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const Character next = character_at(text);
    const bool stays = next.valid && !next.control;
    if (clean.size() + (stays ? next.bytes : 1) > longest_line) break;
    if (stays)
      clean += text.substr(0, next.bytes);
    else
      clean += next.code == '\t' ? ' ' : '?';
    text.remove_prefix(next.bytes);
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

std::string telling_line(const std::vector<std::string>& lines) {
  if (const auto error = std::ranges::find_if(lines, is_error_of_rank); error != lines.end())
    return "an error that it printed: " + *error;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (line->find_first_not_of(" \t=-_*#~") != std::string::npos) return "its last line: " + *line;
  return "it printed nothing";
}

}  // namespace reprise
