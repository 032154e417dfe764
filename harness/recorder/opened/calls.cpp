// SPDX-License-Identifier: Apache-2.0
// Which files a program and its children open, for a run whose recorder sees only what Python opens: compiled
// code (a loader of checkpoints, of HDF5) and other programs (`zcat train.gz`). Comes by LD_PRELOAD into
// every process of a watched command, stands before the C library's functions that open and list, and notes a
// line per path in opened-PID.jsonl (harness/trace/files_seen.h). The program sees what it would see without:
// the call is handed on as it came, and errno as it was left.
#include <fcntl.h>
#include <stdarg.h>

#include "harness/recorder/opened/next.h"
#include "harness/recorder/opened/notes.h"
#include "harness/recorder/opened/table.h"

struct _IO_FILE;
struct __dirstream;
struct dirent;

using namespace opened;

namespace {

int open_here(Next& next, const char* path, int flags, mode_t mode) {
  const Way way = way_of(flags);
  Note note(AT_FDCWD, path, way.kinds, way.creates);
  const int file = next.call(-1, path, flags, mode);
  note.end(file >= 0);
  return file;
}

int open_below(Next& next, int folder, const char* path, int flags, mode_t mode) {
  const Way way = way_of(flags);
  Note note(folder, path, way.kinds, way.creates);
  const int file = next.call(-1, folder, path, flags, mode);
  note.end(file >= 0);
  return file;
}

_IO_FILE* open_stream(Next& next, const char* path, const char* mode) {
  const Way way = way_of(mode);
  Note note(AT_FDCWD, path, way.kinds, way.creates);
  _IO_FILE* stream = next.call<_IO_FILE*>(nullptr, path, mode);
  note.end(stream != nullptr);
  return stream;
}

_IO_FILE* open_stream_again(Next& next, const char* path, const char* mode, _IO_FILE* old) {
  const Way way = way_of(mode);
  Note note(AT_FDCWD, path, way.kinds, way.creates);
  _IO_FILE* stream = next.call<_IO_FILE*>(nullptr, path, mode, old);
  note.end(stream != nullptr);
  return stream;
}

// Python lists the folders that it looks for modules in, which is no look at data; what a script lists its
// audit hook sees (observe/files.py).
unsigned listing_by(const void* caller) {
  const void* python = dlsym(RTLD_DEFAULT, "PySys_AddAuditHook");
  Dl_info its{}, here{};
  if (python == nullptr || dladdr(python, &its) == 0 || dladdr(caller, &here) == 0) return list_kind;
  return its.dli_fbase == here.dli_fbase ? 0 : list_kind;
}

}  // namespace

// Read as it came, whether it was given or not: in both calling conventions of 64-bit Linux it is a register.
#define MODE_AFTER(flags)      \
  mode_t mode = 0;             \
  va_list more;                \
  va_start(more, flags);       \
  mode = va_arg(more, mode_t); \
  va_end(more)

#define WATCH_OPEN(own, name)                                            \
  extern "C" int own(const char* path, int flags, ...) INSTEAD_OF(name); \
  int own(const char* path, int flags, ...) {                            \
    static Next next{name};                                              \
    MODE_AFTER(flags);                                                   \
    return open_here(next, path, flags, mode);                           \
  }
WATCH_OPEN(watched_open, "open")
WATCH_OPEN(watched_open64, "open64")
WATCH_OPEN(watched_open_2, "__open_2")
WATCH_OPEN(watched_open64_2, "__open64_2")

#define WATCH_OPENAT(own, name)                                                      \
  extern "C" int own(int folder, const char* path, int flags, ...) INSTEAD_OF(name); \
  int own(int folder, const char* path, int flags, ...) {                            \
    static Next next{name};                                                          \
    MODE_AFTER(flags);                                                               \
    return open_below(next, folder, path, flags, mode);                              \
  }
WATCH_OPENAT(watched_openat, "openat")
WATCH_OPENAT(watched_openat64, "openat64")
WATCH_OPENAT(watched_openat_2, "__openat_2")
WATCH_OPENAT(watched_openat64_2, "__openat64_2")

#define WATCH_CREAT(own, name)                                        \
  extern "C" int own(const char* path, mode_t mode) INSTEAD_OF(name); \
  int own(const char* path, mode_t mode) {                            \
    static Next next{name};                                           \
    Note note(AT_FDCWD, path, write_kind, true);                      \
    const int file = next.call(-1, path, mode);                       \
    note.end(file >= 0);                                              \
    return file;                                                      \
  }
WATCH_CREAT(watched_creat, "creat")
WATCH_CREAT(watched_creat64, "creat64")

#define WATCH_FOPEN(own, name)                                                   \
  extern "C" _IO_FILE* own(const char* path, const char* mode) INSTEAD_OF(name); \
  _IO_FILE* own(const char* path, const char* mode) {                            \
    static Next next{name};                                                      \
    return open_stream(next, path, mode);                                        \
  }
WATCH_FOPEN(watched_fopen, "fopen")
WATCH_FOPEN(watched_fopen64, "fopen64")

#define WATCH_FREOPEN(own, name)                                                                \
  extern "C" _IO_FILE* own(const char* path, const char* mode, _IO_FILE* old) INSTEAD_OF(name); \
  _IO_FILE* own(const char* path, const char* mode, _IO_FILE* old) {                            \
    static Next next{name};                                                                     \
    return open_stream_again(next, path, mode, old);                                            \
  }
WATCH_FREOPEN(watched_freopen, "freopen")
WATCH_FREOPEN(watched_freopen64, "freopen64")

extern "C" __dirstream* watched_opendir(const char* path) INSTEAD_OF("opendir");
__dirstream* watched_opendir(const char* path) {
  static Next next{"opendir"};
  Note note(AT_FDCWD, path, listing_by(__builtin_return_address(0)));
  __dirstream* folder = next.call<__dirstream*>(nullptr, path);
  note.end(folder != nullptr);
  return folder;
}

extern "C" __dirstream* watched_fdopendir(int file) INSTEAD_OF("fdopendir");
__dirstream* watched_fdopendir(int file) {
  static Next next{"fdopendir"};
  Note note(file, ".", listing_by(__builtin_return_address(0)));
  __dirstream* folder = next.call<__dirstream*>(nullptr, file);
  note.end(folder != nullptr);
  return folder;
}

// Lists without a call of opendir() that could be seen.
#define WATCH_SCANDIR(own, name)                                                       \
  extern "C" int own(const char* path, dirent*** names, int (*wanted)(const dirent*),  \
                     int (*compare)(const dirent**, const dirent**)) INSTEAD_OF(name); \
  int own(const char* path, dirent*** names, int (*wanted)(const dirent*),             \
          int (*compare)(const dirent**, const dirent**)) {                            \
    static Next next{name};                                                            \
    Note note(AT_FDCWD, path, list_kind);                                              \
    const int count = next.call(-1, path, names, wanted, compare);                     \
    note.end(count >= 0);                                                              \
    return count;                                                                      \
  }
WATCH_SCANDIR(watched_scandir, "scandir")
WATCH_SCANDIR(watched_scandir64, "scandir64")

// Read by AddressSanitizer, which would not let a program run that another library came into before its own.
extern "C" const char* reprise_asan_options() INSTEAD_OF("__asan_default_options");
const char* reprise_asan_options() { return "verify_asan_link_order=0"; }
