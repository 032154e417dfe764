// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names of files that runs write: as UTF-8, and which of them are no results.
#include <filesystem>
#include <string>

namespace reprise {

// A name as UTF-8, whatever bytes a file's has: "a\\xff.bin". Where anything is written so, a backslash is
// doubled, so that two files never have one name.
std::string as_utf8(const std::string& name);

// "" if it does not lie below the folder.
std::string name_below(const std::filesystem::path& path, const std::filesystem::path& folder);

// Whether a file is left out of what a run left: caches of compiled code, hidden folders, records of
// experiment trackers; and of files elsewhere (`name` begins with a slash) those of the system and temporary
// ones. The rule stands in docs/python.md.
bool is_no_result(const std::string& name);

}  // namespace reprise
