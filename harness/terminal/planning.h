// SPDX-License-Identifier: Apache-2.0
#pragma once
// The plans that axes make of a recipe or a command, as `matrix` runs them and `plan` shows them.
#include <string>
#include <vector>

#include "harness/launch/launch.h"
#include "harness/matrix/expand.h"
#include "harness/terminal/launching.h"

namespace reprise {

Planned planned_matrix(const LaunchChoices& choices, const Recipe& recipe,
                       const std::vector<std::string>& axes, Design design);

// One for each plan, same order.
std::vector<Run> runs_of(const Planned& plan);

}  // namespace reprise
