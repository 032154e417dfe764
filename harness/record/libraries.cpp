// SPDX-License-Identifier: Apache-2.0
#include "harness/record/libraries.h"

#include <ATen/Context.h>
#include <dlfcn.h>
#include <sys/stat.h>

#include <fstream>
#include <set>

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
    if (line[permissions + 3] == 'x' && !line.ends_with(" (deleted)") && !line.ends_with(opened_library))
      paths.insert(line.substr(path));
  }
  return paths;
}

}  // namespace

fs::path torch_libraries_folder() {
  Dl_info found{};
  const auto* inside = reinterpret_cast<const void*>(&at::globalContext);
  if (::dladdr(inside, &found) == 0 || found.dli_fname == nullptr) return {};
  return fs::path(found.dli_fname).parent_path();
}

std::vector<LoadedFile> loaded_files(const fs::path& cache, const std::vector<fs::path>& more) {
  DigestCache digests(cache);
  std::vector<LoadedFile> files;
  auto paths = mapped_files();
  for (const auto& path : more) paths.insert(path);
  for (const auto& path : paths) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) continue;
    files.push_back({path, static_cast<std::uint64_t>(s.st_size), digests.sha256(path)});
  }
  digests.keep();
  return files;
}

}  // namespace reprise
