// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs whose executor hands them over: which of them exist already, and the wait for the others.
#include <optional>
#include <vector>

#include "harness/launch/launch.h"

namespace reprise {

// As launch().
std::vector<RunResult> launch_elsewhere(const std::vector<Run>& runs, const LaunchOptions& options);

// As standing_run(). A run stands if the files that it read are as they were, and the worker of this machine
// is. What else the machine that made it had, such as its libraries, is not asked again.
std::optional<Outcome> standing_elsewhere(const Run& run, const LaunchOptions& options);

}  // namespace reprise
