// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far the results of an operator are apart where they differ between two plans: traces hold digests, so
// both are made once more, one call each, and the second begins with the results of the first.
#include <vector>

#include "harness/judge/probe/judged_probe.h"
#include "harness/launch/launch.h"

namespace reprise {

// `asked`: the runs of each verdict, in its order. What was stopped or cannot be made has no distance.
void add_distances(const std::vector<std::vector<ProbeRun>>& asked, std::vector<ProbeVerdict>& verdicts,
                   const LaunchOptions& how);

}  // namespace reprise
