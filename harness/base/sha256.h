// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256 in lower-case hexadecimal: names data files and libraries. (Differences are found by XXH3; identity
// that must withstand a forger is SHA-256.)
#include <filesystem>
#include <string>
#include <string_view>

namespace reprise {

std::string sha256_text(std::string_view bytes);
// Of a file's bytes, read in pieces. An Error if it cannot be read.
std::string sha256_file(const std::filesystem::path& path);

}  // namespace reprise
