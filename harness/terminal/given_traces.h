// SPDX-License-Identifier: Apache-2.0
#pragma once
// The traces that a person named: single ones, and those in a folder that was gathered from another machine.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/trace/run_traces.h"

namespace reprise {

struct GivenTrace {
  std::string name;            // NAME of NAME=PATH, else the path
  bool named = false;          // as NAME=PATH
  bool found = false;          // in a folder of runs
  std::filesystem::path path;  // of the trace or its run's folder
  RunTraces run;
  std::vector<std::string> copies = {};  // names of others that are the same execution: it counts once
  const Trace& trace() const { return run.processes.front().trace; }
};

// In the order of the arguments. A folder without a trace of its own stands for every whole run below it
// (gathering.h), those with the most usual pins first, then by path. An Error for a path without any. One
// execution that was named or gathered several times stands there once. `progress` is told how many of how
// many runs were read, from 0 on.
using TellRead = std::function<void(std::size_t read, std::size_t all)>;
std::vector<GivenTrace> given_traces(const std::vector<std::string>& arguments,
                                     const TellRead& progress = {});

}  // namespace reprise
