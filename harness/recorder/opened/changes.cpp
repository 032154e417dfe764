// SPDX-License-Identifier: Apache-2.0
// What a process makes, renames and removes: without it a file that a child program made under another name
// and a folder that it made for itself would be taken for what the run found.
#include <fcntl.h>
#include <sys/types.h>

#include "harness/recorder/opened/next.h"
#include "harness/recorder/opened/notes.h"
#include "harness/recorder/opened/table.h"

using namespace opened;

namespace {

// Runs `work` between a look at one path or two that it changes, and the note of it. work() is 0 if it did
// it.
template <typename Work>
int changing(int folder, const char* path, int other_folder, const char* other, const Work& work) {
  Note first(folder, path, write_kind), second(other_folder, other, write_kind);
  const int result = work();
  first.end(result == 0);
  second.end(result == 0);
  return result;
}

template <typename Work>
int changing(int folder, const char* path, const Work& work) {
  Note note(folder, path, write_kind, true);
  const int result = work();
  note.end(result == 0);
  return result;
}

}  // namespace

extern "C" int watched_rename(const char* from, const char* to) INSTEAD_OF("rename");
int watched_rename(const char* from, const char* to) {
  static Next next{"rename"};
  return changing(AT_FDCWD, from, AT_FDCWD, to, [&] { return next.call(-1, from, to); });
}

extern "C" int watched_renameat(int one, const char* from, int two, const char* to) INSTEAD_OF("renameat");
int watched_renameat(int one, const char* from, int two, const char* to) {
  static Next next{"renameat"};
  return changing(one, from, two, to, [&] { return next.call(-1, one, from, two, to); });
}

extern "C" int watched_renameat2(int one, const char* from, int two, const char* to, unsigned flags)
    INSTEAD_OF("renameat2");
int watched_renameat2(int one, const char* from, int two, const char* to, unsigned flags) {
  static Next next{"renameat2"};
  return changing(one, from, two, to, [&] { return next.call(-1, one, from, two, to, flags); });
}

extern "C" int watched_link(const char* from, const char* to) INSTEAD_OF("link");
int watched_link(const char* from, const char* to) {
  static Next next{"link"};
  return changing(AT_FDCWD, to, [&] { return next.call(-1, from, to); });
}

extern "C" int watched_linkat(int one, const char* from, int two, const char* to, int flags)
    INSTEAD_OF("linkat");
int watched_linkat(int one, const char* from, int two, const char* to, int flags) {
  static Next next{"linkat"};
  return changing(two, to, [&] { return next.call(-1, one, from, two, to, flags); });
}

extern "C" int watched_symlink(const char* from, const char* to) INSTEAD_OF("symlink");
int watched_symlink(const char* from, const char* to) {
  static Next next{"symlink"};
  return changing(AT_FDCWD, to, [&] { return next.call(-1, from, to); });
}

extern "C" int watched_symlinkat(const char* from, int folder, const char* to) INSTEAD_OF("symlinkat");
int watched_symlinkat(const char* from, int folder, const char* to) {
  static Next next{"symlinkat"};
  return changing(folder, to, [&] { return next.call(-1, from, folder, to); });
}

extern "C" int watched_unlink(const char* path) INSTEAD_OF("unlink");
int watched_unlink(const char* path) {
  static Next next{"unlink"};
  return changing(AT_FDCWD, path, [&] { return next.call(-1, path); });
}

extern "C" int watched_unlinkat(int folder, const char* path, int flags) INSTEAD_OF("unlinkat");
int watched_unlinkat(int folder, const char* path, int flags) {
  static Next next{"unlinkat"};
  return changing(folder, path, [&] { return next.call(-1, folder, path, flags); });
}

extern "C" int watched_remove(const char* path) INSTEAD_OF("remove");
int watched_remove(const char* path) {
  static Next next{"remove"};
  return changing(AT_FDCWD, path, [&] { return next.call(-1, path); });
}

extern "C" int watched_mkdir(const char* path, mode_t mode) INSTEAD_OF("mkdir");
int watched_mkdir(const char* path, mode_t mode) {
  static Next next{"mkdir"};
  return changing(AT_FDCWD, path, [&] { return next.call(-1, path, mode); });
}

extern "C" int watched_mkdirat(int folder, const char* path, mode_t mode) INSTEAD_OF("mkdirat");
int watched_mkdirat(int folder, const char* path, mode_t mode) {
  static Next next{"mkdirat"};
  return changing(folder, path, [&] { return next.call(-1, folder, path, mode); });
}

#define WATCH_TRUNCATE(own, name)                                                 \
  extern "C" int own(const char* path, off_t length) INSTEAD_OF(name);            \
  int own(const char* path, off_t length) {                                       \
    static Next next{name};                                                       \
    return changing(AT_FDCWD, path, [&] { return next.call(-1, path, length); }); \
  }
WATCH_TRUNCATE(watched_truncate, "truncate")
WATCH_TRUNCATE(watched_truncate64, "truncate64")

// These find a name that is not there, and write it into the pattern.
#define WATCH_MKSTEMP(own, name)                      \
  extern "C" int own(char* pattern) INSTEAD_OF(name); \
  int own(char* pattern) {                            \
    static Next next{name};                           \
    const int file = next.call(-1, pattern);          \
    if (file >= 0) Note::made(pattern);               \
    return file;                                      \
  }
WATCH_MKSTEMP(watched_mkstemp, "mkstemp")
WATCH_MKSTEMP(watched_mkstemp64, "mkstemp64")

#define WATCH_MKOSTEMP(own, name)                                \
  extern "C" int own(char* pattern, int flags) INSTEAD_OF(name); \
  int own(char* pattern, int flags) {                            \
    static Next next{name};                                      \
    const int file = next.call(-1, pattern, flags);              \
    if (file >= 0) Note::made(pattern);                          \
    return file;                                                 \
  }
WATCH_MKOSTEMP(watched_mkostemp, "mkostemp")
WATCH_MKOSTEMP(watched_mkostemp64, "mkostemp64")

extern "C" char* watched_mkdtemp(char* pattern) INSTEAD_OF("mkdtemp");
char* watched_mkdtemp(char* pattern) {
  static Next next{"mkdtemp"};
  char* made = next.call<char*>(nullptr, pattern);
  if (made != nullptr) Note::made(made);
  return made;
}
