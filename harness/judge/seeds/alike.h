// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is equal within one run of a script and is mostly meant to differ: the order of the samples in two
// epochs, the random numbers of two workers, the batches of two ranks. Equal is what was seen to be equal;
// where that may well be meant it is a remark and no finding.
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/seeds/random_seen.h"
#include "harness/judge/seeds/seeds.h"
#include "harness/trace/run_traces.h"

namespace reprise {

enum class AlikeKind { epochs, workers, ranks };
std::string_view to_text(AlikeKind kind);  // "epochs", "workers", "ranks"

struct Alike {
  AlikeKind kind;
  bool finding = false;  // false: a remark
  std::string sentence;
  bool operator==(const Alike&) const = default;
};

std::vector<Alike> alike_epochs(const RandomSeen& seen, const Trace& trace);
std::vector<Alike> alike_workers(const RandomSeen& seen);
// Of processes that have ranks. `seeds`: of the same run.
std::vector<Alike> alike_ranks(const RunTraces& run, const Seeds& seeds);
// All of them, of all processes of a run; what is said of several is said once.
std::vector<Alike> alike_in(const RunTraces& run, const Seeds& seeds);

}  // namespace reprise
