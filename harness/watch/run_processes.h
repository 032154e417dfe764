// SPDX-License-Identifier: Apache-2.0
#pragma once
// The processes that trained in a run, put in their places once it has ended: while it runs each writes into
// a folder named by its number in the system, which is another in every run; then the first takes the run's
// own folder and the others one below it, in an order that is the same in every run. What they are is written
// to run.toml.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/trace/run_manifest.h"

namespace reprise {

struct SettledProcesses {
  RunManifest manifest;   // no process: none trained
  std::string first_end;  // "rank 1 was ended by signal 9 after step 7": which fell first; "" if none did
  // Of ranks that reprise ended: "it stood at rank 0 after step 3, in the backward pass of the next; rank 1
  // after step 3; rank 1 is behind the others"; "" for others.
  std::string where_all_stood;
  std::vector<std::string> notes;  // of traces that hold no step, a sentence each
};

// `cut_short`: reprise itself ended the run. Writes run.toml if there is a trace.
SettledProcesses settle_processes(const std::filesystem::path& run, bool cut_short);

}  // namespace reprise
