// SPDX-License-Identifier: Apache-2.0
#include "harness/record/libraries.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {
namespace fs = std::filesystem;
namespace {

std::set<fs::path> mapped_files() {
  std::set<fs::path> paths;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto permissions = line.find(' ');
    const auto path = line.find('/');
    if (permissions == std::string::npos || path == std::string::npos || line.size() < permissions + 4)
      continue;
    if (line[permissions + 3] == 'x' && !line.ends_with(" (deleted)")) paths.insert(line.substr(path));
  }
  return paths;
}

// What tells that a file is still the one that was read.
std::string identity(const fs::path& path, const struct stat& s) {
  return fmt::format("{} {} {} {}.{} {}.{} {}", s.st_dev, s.st_ino, s.st_size, s.st_mtim.tv_sec,
                     s.st_mtim.tv_nsec, s.st_ctim.tv_sec, s.st_ctim.tv_nsec, path.string());
}

using KnownDigests = std::map<std::string, std::string>;  // identity -> SHA-256

KnownDigests read_cache(const fs::path& cache) {
  KnownDigests known;
  std::ifstream in(cache);
  for (std::string line; std::getline(in, line);)
    if (line.size() > 65 && line[64] == ' ' && from_hex(line.substr(0, 64)))
      known[line.substr(65)] = line.substr(0, 64);
  return known;
}

void write_cache(const fs::path& cache, const KnownDigests& known) {
  std::string text;
  for (const auto& [file, sha256] : known) text += sha256 + " " + file + "\n";
  // Several workers may do this at once: each writes a file of its own, and the last rename wins.
  fs::path own = cache;
  own += fmt::format(".{}", ::getpid());
  std::error_code ignored;
  try {
    make_folder(cache.parent_path());
    write_atomically(own, text);
    fs::rename(own, cache, ignored);
  } catch (const Error&) {
    // A cache that cannot be kept costs time, nothing else.
  }
}

}  // namespace

fs::path library_cache() {
  const fs::path folder = cache_folder();
  return folder.empty() ? folder : folder / "library-digests";
}

std::vector<LoadedFile> loaded_files(const fs::path& cache, const std::vector<fs::path>& more) {
  const KnownDigests known = cache.empty() ? KnownDigests{} : read_cache(cache);
  KnownDigests used = known;
  std::vector<LoadedFile> files;
  auto paths = mapped_files();
  for (const auto& path : more) paths.insert(path);
  for (const auto& path : paths) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) continue;
    const std::string key = identity(path, s);
    const auto found = known.find(key);
    files.push_back({path, static_cast<std::uint64_t>(s.st_size),
                     found != known.end() ? found->second : sha256_file(path)});
    used[key] = files.back().sha256;
  }
  if (!cache.empty() && used != known) write_cache(cache, used);
  return files;
}

}  // namespace reprise
