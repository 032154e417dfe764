// SPDX-License-Identifier: Apache-2.0
#pragma once
// What deterministic mode costs an operator: the time of a call with it as a ratio to that without, from runs
// made one at a time and in turn, so that a machine that grows slower slows both.
#include <vector>

#include "harness/judge/probe/judged_probe.h"
#include "harness/launch/launch.h"

namespace reprise {

// `asked`: the runs of each verdict, in its order, of which the first is the baseline. What deterministic
// mode refuses, and functions in Python, have no cost.
void add_costs(const std::vector<std::vector<ProbeRun>>& asked, std::vector<ProbeVerdict>& verdicts,
               const LaunchOptions& how);

}  // namespace reprise
