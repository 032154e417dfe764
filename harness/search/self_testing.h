// SPDX-License-Identifier: Apache-2.0
#pragma once
// The self-test of a plan: its short runs are launched (or found, if they exist), and judged.
#include <vector>

#include "harness/judge/verdict/self_test.h"
#include "harness/launch/launch.h"
#include "harness/matrix/matrix.h"

namespace reprise {

// Runs what of the self-test has not been run; one configuration for each short run, under its name. Where
// the clean runs agree and a watched or resumed one does not, more of both are made: then neither group's
// unity is chance.
std::vector<Configuration> run_self_test(const Plan& plan, const LaunchOptions& options);

// Judged from the runs' traces; nothing if there are none. `unrepeated` as in judge_self_test().
std::optional<SelfTest> self_test_of(const std::vector<Configuration>& runs,
                                     const std::optional<Divergence>& unrepeated = std::nullopt);

}  // namespace reprise
