// SPDX-License-Identifier: Apache-2.0
#pragma once
// The operators that a worker can probe, as it tells them itself: no list of them is kept here.
#include <string>
#include <vector>

#include "harness/launch/launch.h"

namespace reprise {

struct ProbeListed {
  std::string name, summary, family;
  bool rows = true;  // it has rows of a batch that do not depend on each other
};

// Sorted by name. An Error where the worker cannot be started, or does not tell.
std::vector<ProbeListed> probes_of_worker(const LaunchOptions& options);

// From what `reprise-worker shelves` prints. An Error for any other text.
std::vector<ProbeListed> probes_listed(const std::string& printed);

}  // namespace reprise
