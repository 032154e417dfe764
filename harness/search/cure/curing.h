// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which pins keep an axis from moving the bits of a recipe, searched on the recipe itself: a few steps for
// each set of pins, whole runs with repeats for what goes on the front, and where nothing helps the operator
// that resists.
#include "harness/judge/cure/cure.h"
#include "harness/launch/launch.h"

namespace reprise {

struct CureOrder {
  std::string axis;        // for people: "threads"
  std::vector<Run> sides;  // the baseline first; at least two
  std::size_t repeats = 2;
  std::size_t most_tries = 100;
};

// Runs that fail or show nothing make it untested, with the reason. An interrupt leaves it incomplete.
Cure cure(const CureOrder& order, const LaunchOptions& options);

}  // namespace reprise
