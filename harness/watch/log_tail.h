// SPDX-License-Identifier: Apache-2.0
#pragma once
// A worker's log: its new lines while it is written, and its end once the worker is gone. Lines come out as
// valid UTF-8 without control characters, whatever a dying process wrote.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// `text` with a '?' for every byte that is no UTF-8 and every control character, cut at 400 bytes.
std::string cleaned_line(std::string_view text);

class LogTail {
 public:
  explicit LogTail(std::filesystem::path path) : path_(std::move(path)) {}
  // The whole lines written since the last call.
  std::vector<std::string> new_lines();

 private:
  std::filesystem::path path_;
  std::uint64_t read_ = 0;
  std::string rest_;  // of a line that has no end yet
};

// The non-empty lines within the last 64 KiB of a log; none if there is no such file.
std::vector<std::string> end_of_log(const std::filesystem::path& path);

}  // namespace reprise
