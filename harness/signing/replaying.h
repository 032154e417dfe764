// SPDX-License-Identifier: Apache-2.0
#pragma once
// One plan of signed evidence run again here: are its bits the same, and if not, what else is?
#include <filesystem>
#include <string>
#include <vector>

#include "harness/launch/launch.h"
#include "harness/signing/verifying.h"
#include "harness/trace/run_traces.h"

namespace reprise {

struct ReplayChoices {
  LaunchOptions how;
  std::vector<std::string> pins;  // "threads=2": set otherwise than the plan has them
};

// Adds the check "replay" of the first run that ended well. It passes only where every digest is equal; other
// bits fail it, with what is known to differ and how far the metric is from its margin; what could not be run
// is untested. Only for evidence whose files and traces hold.
void check_replay(const ReplayChoices& choices, Verified& verified);

// What two runs of one recipe tell: "identical ...", or "equivalent ..." or "not equivalent ..." with where
// they part, and what differs between their pins and their environments.
Check replay_check(const RunTraces& then, const RunTraces& now);

}  // namespace reprise
