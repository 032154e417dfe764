// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/opened/paths.h"

#include <fcntl.h>
#include <string.h>

#include "harness/recorder/opened/kernel.h"
#include "harness/recorder/opened/text.h"

namespace opened {
namespace {

// Programs and what they look up in the system, and what passes. "/tmp/tmp": files of Python's tempfile.
constexpr const char* fronts[] = {"/proc/",    "/sys/",     "/dev/",      "/etc/",     "/usr/",
                                  "/lib/",     "/lib64/",   "/bin/",      "/sbin/",    "/run/",
                                  "/var/run/", "/var/lib/", "/tmp/tmp",   "/tmp/pymp", "/tmp/torchinductor",
                                  "/var/log/", "/var/lock", "/var/cache/"};
// Caches of code compiled for this machine, fonts, Pythons, and git's own files, whose state is told by
// itself.
constexpr const char* inner[] = {"/.git/",
                                 "/.nv/",
                                 "/.triton/",
                                 "/.cache/reprise/",
                                 "/.cache/matplotlib/",
                                 "/.cache/pip/",
                                 "/.cache/fontconfig/",
                                 "/.cache/torch/kernels/",
                                 "/.cache/torch_extensions/",
                                 "/.cache/nvidia/",
                                 "/.cache/mesa_shader_cache",
                                 "/.fonts/",
                                 "/share/fonts/",
                                 "/share/reprise/recorder/",
                                 "/linux-vdso.so.1",
                                 "/lib/python3",
                                 "site-packages",
                                 "dist-packages"};
// Python's own list has these, if a Python that is watched reads them.
constexpr const char* ends[] = {".py", ".pyc", "/pyvenv.cfg", "._pth", "/pybuilddir.txt"};

bool starts_with(const char* text, const char* front) { return strncmp(text, front, strlen(front)) == 0; }

bool ends_with(const char* text, const char* end) {
  const size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

// Where a relative path starts; 0 where that cannot be said.
size_t start_of(int folder, char* absolute) {
  long length = 0;
  if (folder == AT_FDCWD) {
    length = call_kernel(SYS_getcwd, absolute, longest_path) - 1;  // it counts the end too
  } else {
    char link[40];
    Text text{link, sizeof link - 1};
    text.put("/proc/self/fd/");
    text.put_number(folder);
    link[text.size] = '\0';
    length = call_kernel(SYS_readlinkat, AT_FDCWD, link, absolute, longest_path);
  }
  return length > 0 && absolute[0] == '/' ? static_cast<size_t>(length) : 0;
}

size_t without_last(const char* absolute, size_t size) {
  while (size > 0 && absolute[size - 1] != '/') --size;
  return size > 0 ? size - 1 : 0;
}

}  // namespace

Place absolute_path(int folder, const char* path, char* absolute) {
  if (path == nullptr || *path == '\0') return Place::nowhere;
  size_t size = 0;
  if (*path != '/' && (size = start_of(folder, absolute)) == 0) return Place::nowhere;
  if (size == 1) size = 0;  // "/"
  for (const char* at = path; *at != '\0';) {
    const size_t length = strcspn(at, "/");
    if (length == 2 && at[0] == '.' && at[1] == '.') {
      size = without_last(absolute, size);
    } else if (length > 0 && !(length == 1 && *at == '.')) {
      if (size + length + 2 > longest_path) return Place::too_long;
      absolute[size++] = '/';
      memcpy(absolute + size, at, length);
      size += length;
    }
    at += length + (at[length] == '/' ? 1 : 0);
  }
  if (size == 0) absolute[size++] = '/';
  if (size >= longest_path) return Place::too_long;
  absolute[size] = '\0';
  return Place::found;
}

bool is_data(const char* path, const char* run) {
  for (const char* front : fronts)
    if (starts_with(path, front)) return false;
  for (const char* end : ends)
    if (ends_with(path, end)) return false;
  for (const char* part : inner)
    if (strstr(path, part) != nullptr) return false;
  const size_t length = strlen(run);
  // Below its own folder a run may have a view of the working folder.
  return strncmp(path, run, length) != 0 || (path[length] != '/' && path[length] != '\0') ||
         starts_with(path + length, "/fresh/");
}

}  // namespace opened
