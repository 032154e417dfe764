// SPDX-License-Identifier: Apache-2.0
#pragma once
// From two runs that part to the operator call that parts them: the first step from the digests on disk, one
// rerun of each side with every operator of that step traced, one more that keeps the guilty call whole, and
// reruns with each remedy that the table of causes knows.
#include <filesystem>
#include <optional>
#include <string>

#include "harness/judge/explain/bisection.h"
#include "harness/launch/launch.h"

namespace reprise {

struct Side {
  std::string name;              // "threads=1"
  Run run;                       // what it runs: the plan without a closer look, its batch-order file
  std::filesystem::path folder;  // of the run on disk
  // Which of its processes is looked at, where they part ("rank 1"); "": the one that trained first.
  std::string process = {};
};

struct BisectChoices {
  std::size_t rounds = 5;        // how often the two sides are rerun with their operators traced
  bool growth = true;            // tell rounding from another computation (judge/explain/growth.h)
  bool remedies = true;          // try what the table of causes knows
  bool until_it_strikes = true;  // rounds end with the first in which the two sides part
  bool only_on_disk = false;     // nothing is rerun
};

// Both sides' folders hold a trace. An Error if the two train different recipes.
Bisection bisect(const Side& a, const Side& b, const BisectChoices& choices, const LaunchOptions& options);

// What the two traces tell by themselves, as those of two machines must, if both hold the operators of the
// step at which they part (`--set ops=1-2`), that no call is named among it; nothing where no operator is
// to be looked for.
std::optional<Bisection> bisect_on_disk(const Side& a, const Side& b);

}  // namespace reprise
