// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a path holds, in the words of observe/files.py, but without a digest: reprise adds that when the run
// has ended.
#include <stdint.h>

#include "harness/recorder/opened/text.h"

namespace opened {

struct State {
  enum Kind { absent, file, folder, special } kind = absent;
  int64_t bytes = 0, modified = 0, changed = 0;  // times in nanoseconds
  uint64_t inode = 0, device = 0;
  bool settled = false;  // it may not change again without a trace in its times
};

// `folder`: as of openat().
State state_of(int folder, const char* path);
void put_state(const State& state, Text& text);

// The names in a folder as a list of JSON, sorted; null where there are more than are told one by one.
// `runs`: the name of the folder of runs, which is no part of any folder.
void put_names(const char* path, const char* runs, Text& text);

int64_t monotonic_now();

}  // namespace opened
