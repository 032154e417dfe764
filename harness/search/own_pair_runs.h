// SPDX-License-Identifier: Apache-2.0
#pragma once
// One more pair of short runs of a script, which nobody seeds but itself (seeding=script): does it repeat on
// its own? Made only where some generator that it draws from was not seeded by it.
#include <string>
#include <vector>

#include "harness/judge/seeds/own_seeds.h"
#include "harness/launch/launch.h"
#include "harness/matrix/matrix.h"

namespace reprise {

// Runs the pair, if runs of `plan` in these folders show that it is wanted; else makes nothing. One
// configuration for each of the two runs. They are runs like any others: what exists is not run again.
std::vector<Configuration> run_own_pair(const Plan& plan, const std::vector<RunTraces>& runs,
                                        const LaunchOptions& options);

// `runs`: of one plan, all of them done. `pair`: what run_own_pair() gave. `made_here`: whether such a pair
// is made at all where this is told. Nothing for plans that are no command, and where no step was seen.
std::optional<OwnSeeds> own_seeds_of(const std::vector<RunTraces>& runs,
                                     const std::vector<Configuration>& pair, const std::string& why_none);

}  // namespace reprise
