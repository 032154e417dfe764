// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may move the bits of one operator, and the runs that tell whether it does. A run is a plan of the
// program probe/NAME (probes/probing.h), whose steps are repeats of the operator.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"
#include "harness/plan/plan.h"

namespace reprise {

enum class Cause {
  calls,          // one call after the other, in one process
  processes,      // a fresh process
  load,           // a busy machine
  callers,        // several threads that make the first calls of a process at once
  threads,        // the number of threads within a call
  isa,            // vectors of ATen's kernels
  mkl,            // code branch of MKL
  onednn,         // widest instructions of oneDNN
  alignment,      // where inputs lie in memory
  memory,         // what lay before in the memory of results
  batch,          // a row alone, or in its batch
  deterministic,  // what deterministic mode changes, on one thread
  default_mode,   // LibTorch's algorithms without deterministic mode, on two threads
};
std::span<const Word<Cause>> words_of(Cause cause);
// For people: "a fresh process each".
std::string_view summary_of(Cause cause);

struct ProbeOrder {
  std::int64_t repeats = 20;  // calls in one process; of default_mode, where threads race, five times as many
  std::int64_t processes = 3;  // fresh ones, with the same plan
  Pins pins;
};

// A run that a cause asks for. `side` says what is other in it than in the baseline: "threads=2"; "" for the
// baseline itself.
struct ProbeRun {
  Cause cause;
  std::string side;
  Plan plan;
  int repeat = 1;
};

// The baseline of an operator that the worker has.
Plan plan_of_probe(const std::string& probe, const ProbeOrder& order);

// For these causes. The first is the baseline, which every cause needs. A baseline without the parameters
// that a cause changes, as that of a command is, has no run for it.
std::vector<ProbeRun> runs_of(const Plan& baseline, const ProbeOrder& order,
                              const std::vector<Cause>& causes);

// Why a cause has no run: it was not asked for, or cannot be varied of such a baseline.
std::string not_varied(const Plan& baseline, Cause cause);

// Whether the runs of a cause are held against one another, and not against the baseline.
bool is_pair(Cause cause);

}  // namespace reprise
