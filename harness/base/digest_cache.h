// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256 of files that are large and seldom change, such as a torch's libraries: a digest is kept with what
// tells that the file is still the one that was read (path, device, inode, size, modification and change
// time).
#include <filesystem>
#include <map>
#include <string>

namespace reprise {

// $XDG_CACHE_HOME/reprise/library-digests or ~/.cache/reprise/library-digests; empty where neither is set.
std::filesystem::path library_cache();

class DigestCache {
 public:
  // An empty path, or a folder that cannot be written, means that nothing is kept.
  explicit DigestCache(std::filesystem::path file);
  // Of a file that is there. An Error if it cannot be read.
  std::string sha256(const std::filesystem::path& path);
  // Brings the file up to date.
  void keep() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> known_, used_;  // identity -> SHA-256
};

}  // namespace reprise
