// SPDX-License-Identifier: Apache-2.0
#include "harness/base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "harness/base/error.h"

namespace reprise {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, std::string_view what) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) fail("no {} at {}; check the path", what, path.string());
  if (fs::is_directory(path, ignored)) fail("wanted a {} file, found a folder: {}", what, path.string());
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in || (in.peek(), in.bad())) {
    if (fs::file_size(path, ignored) == 0) return {};
    fail("cannot read the {} {}: {}", what, path.string(), std::strerror(errno));
  }
  return std::move(content).str();
}

namespace {

[[noreturn]] void give_up(const fs::path& path, const fs::path& partial, int error) {
  ::unlink(partial.c_str());
  fail("cannot write {}: {}; nothing was left there; free some space or name another folder", path.string(),
       std::strerror(error));
}

}  // namespace

void write_atomically(const fs::path& path, std::string_view content) {
  fs::path partial = path;
  partial += ".partial";
  const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) give_up(path, partial, errno);
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      ::close(file);
      give_up(path, partial, error);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0 && errno != EINVAL) {
    const int error = errno;
    ::close(file);
    give_up(path, partial, error);
  }
  if (::close(file) != 0) give_up(path, partial, errno);
  if (::rename(partial.c_str(), path.c_str()) != 0) give_up(path, partial, errno);
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path))
    fail("cannot make the folder {}: {}; name one that can be written", path.string(),
         error ? error.message() : "a file is in the way");
}

std::vector<fs::path> list_folder(const fs::path& path) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

fs::path program_folder() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) fail("cannot find the folder of the running program: {}; is /proc mounted?", error.message());
  return program.parent_path();
}

fs::path cache_folder() {
  if (const auto cache = environment_text("XDG_CACHE_HOME"); !cache.empty())
    return fs::path(cache) / "reprise";
  if (const auto home = environment_text("HOME"); !home.empty()) return fs::path(home) / ".cache" / "reprise";
  return {};
}

std::string environment_text(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace reprise
