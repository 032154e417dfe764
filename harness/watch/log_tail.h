// SPDX-License-Identifier: Apache-2.0
#pragma once
// The end of a process's log, for people. Lines come out as valid UTF-8 without control characters, whatever
// a dying process wrote.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// `text` with a '?' for every byte that is no UTF-8 and every control character, cut at 400 bytes.
std::string cleaned_line(std::string_view text);

// The non-empty lines within the last 64 KiB of a log; none if there is no such file.
std::vector<std::string> end_of_log(const std::filesystem::path& path);

// "an error that it printed: ...", the first that a rank printed; else "its last line: ...", the last of them
// that says something (torchrun ends its message with a line of equals signs), or "it printed nothing".
std::string telling_line(const std::vector<std::string>& lines);

}  // namespace reprise
