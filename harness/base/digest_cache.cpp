// SPDX-License-Identifier: Apache-2.0
#include "harness/base/digest_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {
namespace fs = std::filesystem;
namespace {

std::string identity(const fs::path& path, const struct stat& s) {
  return fmt::format("{} {} {} {}.{} {}.{} {}", s.st_dev, s.st_ino, s.st_size, s.st_mtim.tv_sec,
                     s.st_mtim.tv_nsec, s.st_ctim.tv_sec, s.st_ctim.tv_nsec, path.string());
}

}  // namespace

fs::path library_cache() {
  const fs::path folder = cache_folder();
  return folder.empty() ? folder : folder / "library-digests";
}

DigestCache::DigestCache(fs::path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);)
    if (line.size() > 65 && line[64] == ' ' && from_hex(line.substr(0, 64)))
      known_[line.substr(65)] = line.substr(0, 64);
  used_ = known_;
}

std::string DigestCache::sha256(const fs::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return sha256_file(path);
  const std::string key = identity(path, s);
  if (const auto found = used_.find(key); found != used_.end()) return found->second;
  return used_[key] = sha256_file(path);
}

void DigestCache::keep() const {
  if (file_.empty() || used_ == known_) return;
  std::string text;
  for (const auto& [file, sha256] : used_) text += sha256 + " " + file + "\n";
  // Several workers may do this at once: each writes a file of its own, and the last rename wins.
  fs::path own = file_;
  own += fmt::format(".{}", ::getpid());
  std::error_code ignored;
  try {
    make_folder(file_.parent_path());
    write_atomically(own, text);
    fs::rename(own, file_, ignored);
  } catch (const Error&) {
    // A cache that cannot be kept costs time, nothing else.
  }
}

}  // namespace reprise
