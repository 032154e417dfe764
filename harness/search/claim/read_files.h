// SPDX-License-Identifier: Apache-2.0
#pragma once
// The file that a claim's number is read from, kept as what a run left where nothing else of it is seen.
#include <functional>
#include <string>

#include "harness/plan/recipe.h"

namespace reprise {

// Where the command finds no torch and names no artifacts, `file` ("{out}/metrics.json") becomes its
// artifacts: that is what bits of its runs are compared by. Elsewhere, and for "", nothing changes, and no
// plan either. `tell`: of a recorder that has to be built to know.
void keep_what_is_read(const std::string& file, Recipe& recipe, const Choices& choices,
                       const std::function<void(const std::string&)>& tell);

}  // namespace reprise
