// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two sides of a bisection from what was typed: two traces, two choices for one recipe, or one recipe
// run twice. What is not on disk yet is run, a few steps first.
#include <array>
#include <string>
#include <vector>

#include "harness/matrix/matrix.h"
#include "harness/search/bisecting.h"
#include "harness/terminal/launching.h"

namespace reprise {

struct BisectSides {
  std::array<Side, 2> sides;
  Matrix matrix;         // the same two, for a report
  std::string untested;  // a side that does not run here, and why; then the sides have no folder
};

// A plan without the operators, values or last step that a closer look asked for.
Plan without_closer_look(Plan plan);

// Two traces or run folders; NAME=PATH gives one a name.
BisectSides sides_of_traces(const std::vector<std::string>& arguments);

// `between`: nothing (two runs of the plan), or two texts as "threads=1" or "threads=1 mkl=strict".
BisectSides sides_of_recipe(const LaunchChoices& choices, const std::vector<std::string>& between,
                            const LaunchOptions& options);

}  // namespace reprise
