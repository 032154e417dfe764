// SPDX-License-Identifier: Apache-2.0
#pragma once
// The short runs of a self-test (harness/judge/verdict/self_test.h says what they must show): the user's own
// plan, a few steps of it, with one fault injected or one thing watched in each. They are runs like any
// others, so a plan that has been tested is not tested again.
#include <vector>

#include "harness/launch/launch.h"

namespace reprise {

// "clean", "again", one for each fault by its name, "watched", "resumed", in this order; their
// names are the runs' names. Of a command, whose batches and seeds are its own, only "clean", "again",
// faults of a weight and "watched".
std::vector<Run> self_test_runs(const Plan& plan);

}  // namespace reprise
