// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a cure is asked for, from what was typed: a recipe or a command with axes, or two run folders.
#include <string>
#include <vector>

#include "harness/search/cure/curing.h"
#include "harness/terminal/launching.h"

namespace reprise {

// `what`: nothing or a recipe, or two traces or run folders, which take no axis. An Error for an axis that is
// meant to move the bits, for fewer than two sides, and for what `matrix` would refuse.
CureOrder cure_order(const LaunchChoices& choices, const std::vector<std::string>& what,
                     const std::vector<std::string>& axes);

}  // namespace reprise
