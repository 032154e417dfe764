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

// The done runs of one plan, under the name of the first configuration that has it.
struct PlanRuns {
  std::string configuration;
  Plan plan;
  std::vector<RunTraces> runs;
};
// Puts a run to those of its plan, or begins a plan.
void add_run(std::vector<PlanRuns>& plans, const std::string& configuration, const Plan& plan, RunTraces run);

// Runs the pair for the first of these plans whose runs show that it is wanted; else makes nothing. One
// configuration for each of the two runs. They are runs like any others: what exists is not run again.
std::vector<Configuration> run_own_pair(const std::vector<PlanRuns>& plans, const LaunchOptions& options);

// `plans`: in the order of the configurations, none without a run. `pair`: what run_own_pair() gave.
// `why_none`: why there is no pair where one would tell. Nothing for plans that are no command, and where no
// step was seen.
std::optional<OwnSeeds> own_seeds_of(const std::vector<PlanRuns>& plans,
                                     const std::vector<Configuration>& pair, const std::string& why_none);

}  // namespace reprise
