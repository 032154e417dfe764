// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run of a command left: checkpoints by the tensors in them, other files by their bytes.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

struct Artifacts {
  std::vector<Artifact> found;     // sorted by name
  std::vector<std::string> notes;  // what a reader must know of them, a sentence each
};

// The files that the plan's patterns fit, below the folder the command was started in, or below {out}. An
// Error for a pattern that fits nothing. `run`: the run's folder, absolute.
Artifacts collect_artifacts(const Plan& plan, const std::filesystem::path& run);

// The trace of a run in which no step was seen: two rows without a tensor, the second for the run as a whole.
void write_trace_of_no_step(const Plan& plan, const Facts& facts, const std::filesystem::path& trace);

}  // namespace reprise
