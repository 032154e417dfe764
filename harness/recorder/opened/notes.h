// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call that opens or changes a path: what is there is looked at before the call, and noted after it, once
// it is known whether the call did anything.
#include <stdint.h>

#include "harness/recorder/opened/paths.h"
#include "harness/recorder/opened/state.h"

namespace opened {

class Note {
 public:
  Note() = default;
  // `kinds`: of table.h, 0 for none. `creates`: the call makes a file that is not there. `folder`: as of
  // openat().
  Note(int folder, const char* path, unsigned kinds, bool creates = false);
  Note(const Note&) = delete;
  Note& operator=(const Note&) = delete;

  // After the call: whether it did what it was asked for. errno is as the call left it, and stays so.
  void end(bool well);
  // A new name that the call itself found: "/data/part-x7Qe21" of mkstemp().
  static void made(const char* path);

 private:
  void look(int folder, const char* path, bool creates);

  unsigned kinds_ = 0;
  State state_;
  int64_t at_ = 0;
  char path_[longest_path];
};

// By the flags of open(), the mode of fopen(); 0: neither reads nor writes a file.
struct Way {
  unsigned kinds = 0;
  bool creates = false;
};
Way way_of(int flags);
Way way_of(const char* mode);

}  // namespace opened
