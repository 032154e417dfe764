// SPDX-License-Identifier: Apache-2.0
#pragma once
// A reader of files that strangers write, and good files for it. One file in tests/fuzz/targets is one
// target. Whatever bytes a reader is given, it reads them or refuses them in one sentence (an Error): no
// crash, no endless work, no memory that a few bytes ask for. tests/fuzz/replay_test.cpp holds every build to
// the seeds, to a fixed number of damaged ones and to the corpus (tests/fuzz/corpus/TARGET, inputs that once
// did harm); scripts/fuzz.sh lets libFuzzer look for more.
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/base/shelf.h"

namespace reprise {

struct FuzzTarget {
  const char* summary;
  std::vector<std::string> (*seeds)();     // files that are read to their end, made as other tests make them
  void (*read)(const std::string& input);  // an Error refuses it
  bool slow = false;                       // makes a process or a file for each input
};

// What no input may bring about; unlike an Error it ends a fuzzer, and a test.
inline void must_hold(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

Shelf<FuzzTarget> fuzz_targets_shelf();

}  // namespace reprise
