// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which process of one run is which of another. By what they are: the rank and the arguments where these tell
// the processes of every run apart, else their order in the tree of starts. Where nothing tells them apart,
// equal ones are taken for the same. Runs of one training by other numbers of ranks are matched by rank too.
#include <optional>
#include <string>
#include <vector>

#include "harness/trace/run_traces.h"

namespace reprise {

// For each run a label for each of its processes, in their order: equal labels in two runs mean the same
// process; labels of one run differ. "" where every run has one process.
struct ProcessMatch {
  std::vector<std::vector<std::string>> labels;
  bool by_content = false;  // labels are in the order of the processes' chains
};

ProcessMatch match_processes(const std::vector<RunTraces>& runs);

// One process of two runs; nothing where a run has no such process.
struct ProcessPair {
  std::string label;
  std::optional<Trace> a, b;
};
// In the order of the labels in `a`, then those that `b` alone has. By content: what is equal goes first.
std::vector<ProcessPair> paired(const std::vector<ProcessTrace>& a, const std::vector<std::string>& labels_a,
                                const std::vector<ProcessTrace>& b, const std::vector<std::string>& labels_b,
                                bool by_content);

}  // namespace reprise
