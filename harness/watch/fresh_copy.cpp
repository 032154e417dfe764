// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/fresh_copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/watch/folder_snapshot.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Calls `visit` with every entry below the folder, folders before what is in them.
void walk(const fs::path& folder, const fs::path& left_out,
          const std::function<bool(const fs::directory_entry&)>& visit) {
  std::error_code ignored;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied), end;
       it != end; ++it) {
    const bool inner = it->is_directory() && !it->is_symlink();
    if (inner && fs::equivalent(it->path(), left_out, ignored)) {
      it.disable_recursion_pending();
      continue;
    }
    if (!visit(*it)) return;
  }
}

bool copied_by_reference(const fs::path& from, const fs::path& to) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (in < 0) return false;
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool well = out >= 0 && ::ioctl(out, FICLONE, in) == 0;
  ::close(in);
  if (out >= 0) ::close(out);
  return well;
}

void keep_times(const fs::path& from, const fs::path& to) {
  struct stat s {};
  if (::lstat(from.c_str(), &s) != 0) return;
  const timespec times[2] = {s.st_atim, s.st_mtim};
  ::utimensat(AT_FDCWD, to.c_str(), times, AT_SYMLINK_NOFOLLOW);
}

void copy_one(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!copied_by_reference(from, to)) fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) fail("cannot copy {} to {}: {}", from.string(), to.string(), error.message());
  fs::permissions(to, fs::status(from).permissions(), error);
  keep_times(from, to);
}

}  // namespace

std::uint64_t bytes_below(const fs::path& folder, const fs::path& left_out) {
  std::uint64_t bytes = 0;
  walk(folder, left_out, [&](const fs::directory_entry& entry) {
    std::error_code ignored;
    if (entry.is_regular_file() && !entry.is_symlink()) bytes += entry.file_size(ignored);
    return true;
  });
  return bytes;
}

bool copies_by_reference(const fs::path& folder, const fs::path& to) {
  bool well = false;
  const fs::path tried = to / ".reference";
  walk(folder, to, [&](const fs::directory_entry& entry) {
    if (!entry.is_regular_file() || entry.is_symlink()) return true;
    well = copied_by_reference(entry.path(), tried);
    return false;
  });
  std::error_code ignored;
  fs::remove(tried, ignored);
  return well;
}

std::map<std::string, std::string> copy_folder(const fs::path& folder, const fs::path& left_out,
                                               const fs::path& to) {
  std::map<std::string, std::string> copies;
  make_folder(to);
  walk(folder, left_out, [&](const fs::directory_entry& entry) {
    const fs::path name = entry.path().lexically_relative(folder), place = to / name;
    if (entry.is_symlink()) {
      fs::copy_symlink(entry.path(), place);
      copies[name.string()] = "link " + fs::read_symlink(place).string();
    } else if (entry.is_directory()) {
      make_folder(place);
    } else if (entry.is_regular_file()) {
      copy_one(entry.path(), place);
      copies[name.string()] = identity_of(place);
    }
    return true;
  });
  return copies;
}

}  // namespace reprise
