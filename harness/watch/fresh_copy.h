// SPDX-License-Identifier: Apache-2.0
#pragma once
// A copy of a folder, by reference where the file system can (FICLONE), and what became of it.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace reprise {

// Bytes of all files below a folder but `left_out`.
std::uint64_t bytes_below(const std::filesystem::path& folder, const std::filesystem::path& left_out);

// Whether a file of `folder` can be copied by reference into `to`.
bool copies_by_reference(const std::filesystem::path& folder, const std::filesystem::path& to);

// Copies files, links and folders with their modes and times. Gives back, by relative path, what tells each
// copy from one that was written since.
std::map<std::string, std::string> copy_folder(const std::filesystem::path& folder,
                                               const std::filesystem::path& left_out,
                                               const std::filesystem::path& to);

}  // namespace reprise
