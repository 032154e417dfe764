// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run as it is read: the traces of all processes that trained in it. A command may train in several (ranks,
// seeds, folds), and each of them is part of its result.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/trace/run_manifest.h"
#include "harness/trace/trace.h"

namespace reprise {

struct ProcessTrace {
  ProcessEntry who;
  Trace trace;
};

struct RunTraces {
  std::string execution;  // "" where it is not known: equal traces may then be copies of one run
  ToldBy told_by = ToldBy::alone;
  bool cut_short = false;               // reprise ended it: a time limit, an interrupt
  std::vector<ProcessTrace> processes;  // at least one, the run's own trace first
};

// `path`: a run's folder, its trace.h5, or a trace file that lies in no run's folder and stands for itself.
// Where the folder has a run.toml, what it says must be there and nothing else: an Error for a process that
// is missing, one that the run does not name (files of two runs mixed), and a trace that is not the one it
// names.
RunTraces read_run(const std::filesystem::path& path);

// A run that is this trace alone, of an execution that is not known.
RunTraces run_of_one(const Trace& trace);

// What a trace says of the process that it is of.
ProcessEntry entry_of(const Trace& trace, const std::string& folder);

// The trace.h5 (or trace.h5.partial) of every process of a run's folder, the run's own first.
std::vector<std::filesystem::path> process_folders(const std::filesystem::path& run);

}  // namespace reprise
