// SPDX-License-Identifier: Apache-2.0
#pragma once
// Inputs as files, for readers that want a path. They lie in memory where the system has such a folder.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "harness/base/error.h"

namespace reprise {

class PlacedFolder {
 public:
  PlacedFolder() {
    const std::filesystem::path shared = "/dev/shm";
    const bool there = std::filesystem::is_directory(shared) && ::access(shared.c_str(), W_OK) == 0;
    std::string pattern =
        ((there ? shared : std::filesystem::temp_directory_path()) / "reprise-placed-XXXXXX").string();
    check(::mkdtemp(pattern.data()) != nullptr, "a folder for inputs can be made");
    path_ = pattern;
  }
  PlacedFolder(const PlacedFolder&) = delete;
  PlacedFolder& operator=(const PlacedFolder&) = delete;
  ~PlacedFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// One folder for the whole program, removed at its end.
inline const std::filesystem::path& placed_folder() {
  static const PlacedFolder folder;
  return folder.path();
}

// The file NAME of that folder with these bytes in it, until the next of that name.
inline std::filesystem::path placed(const std::string& bytes, const std::string& name) {
  const auto path = placed_folder() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  return path;
}

}  // namespace reprise
