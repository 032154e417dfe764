// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files as whole texts. A file appears under its final name complete or not at all.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reprise {

// The whole file. `what` names it for people ("recipe", "trace") in the Error when it cannot be read.
std::string read_file(const std::filesystem::path& path, std::string_view what);

// Writes to `path` + ".partial", flushes, renames. On failure (full disk, read-only folder) nothing is left
// behind and the Error says why.
void write_atomically(const std::filesystem::path& path, std::string_view content);

// Makes the folder and its parents; an Error names the folder that could not be made.
void make_folder(const std::filesystem::path& path);

// Full paths of a folder's entries, sorted by name; empty if there is no such folder.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& path);

// The folder that holds the running program.
std::filesystem::path program_folder();

// Where this program keeps what it can make again: $XDG_CACHE_HOME/reprise, else ~/.cache/reprise; empty
// where neither variable is set.
std::filesystem::path cache_folder();

// The text of an environment variable, or nothing there: "".
std::string environment_text(const char* name);

}  // namespace reprise
