// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which files lie below a folder, and what tells each from another content: made before and after a command
// runs, so that what it wrote is known however it wrote it.
#include <filesystem>
#include <set>
#include <string>

#include "harness/trace/files_seen.h"

namespace reprise {

struct FolderFiles {
  Snapshot files;
  bool whole = true;  // false: there are more than are told
};

// Folders among them end in "/": "folder", or "left out" where it was not looked into: hidden ones, those of
// compiled and installed modules, and `left_out` (the folder of runs). Without the files to which this
// process prints.
FolderFiles snapshot_of(const std::filesystem::path& folder, const std::filesystem::path& left_out);

// "size time inode"; "" where there is no file.
std::string identity_of(const std::filesystem::path& file);

// Absolute paths of the files that came, changed or went from one to the other.
std::set<std::string> changed_between(const std::filesystem::path& folder, const Snapshot& before,
                                      const Snapshot& after);

}  // namespace reprise
