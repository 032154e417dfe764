// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/folder_snapshot.h"

#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 5000;

bool is_left_out(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name.starts_with('.') || name == "__pycache__" || name == "node_modules" || name == "site-packages";
}

// Where somebody sends what reprise itself prints: `reprise matrix ... > out.txt`.
bool is_own_output(const fs::path& file) {
  struct stat ours {
  }, there{};
  if (::stat(file.c_str(), &there) != 0) return false;
  for (const int output : {STDOUT_FILENO, STDERR_FILENO})
    if (::fstat(output, &ours) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
      return true;
  return false;
}

}  // namespace

std::string identity_of(const fs::path& file) {
  struct stat s {};
  if (::stat(file.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return "";
  return fmt::format("{} {} {}", s.st_size,
                     std::int64_t{s.st_mtim.tv_sec} * 1'000'000'000 + s.st_mtim.tv_nsec, s.st_ino);
}

FolderFiles snapshot_of(const fs::path& folder, const fs::path& left_out) {
  FolderFiles found;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      const bool inner = !it->is_symlink(ignored) && !is_left_out(it->path()) &&
                         !fs::equivalent(it->path(), left_out, ignored);
      if (!inner) it.disable_recursion_pending();
      found.files[it->path().lexically_relative(folder).string() + "/"] = inner ? "folder" : "left out";
      continue;
    }
    const std::string identity = identity_of(it->path());
    if (identity.empty() || is_own_output(it->path())) continue;
    if (found.files.size() == most_files) {
      found.whole = false;
      return found;
    }
    found.files[it->path().lexically_relative(folder).string()] = identity;
  }
  if (error) found.whole = false;
  return found;
}

std::set<std::string> changed_between(const fs::path& folder, const Snapshot& before, const Snapshot& after) {
  std::set<std::string> changed;
  for (const auto& [path, identity] : after)
    if (const auto found = before.find(path);
        !path.ends_with('/') && (found == before.end() || found->second != identity))
      changed.insert((folder / path).string());
  for (const auto& [path, identity] : before)
    if (!path.ends_with('/') && !after.contains(path)) changed.insert((folder / path).string());
  return changed;
}

}  // namespace reprise
