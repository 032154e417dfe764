// SPDX-License-Identifier: Apache-2.0
#pragma once
// The evidence around a command's run: how it started, in which view of its folder, and what it left there.
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/plan/plan.h"
#include "harness/watch/evidence_read.h"
#include "harness/watch/fresh_folder.h"

namespace reprise {

// What a run of the plan would be given now.
GivenNow command_now(const Plan& plan, const std::function<void(const std::string&)>& tell);

// Writes RUN/start.json, and leads the start into a view of its own if `fresh` says how. `run`, `runs`:
// absolute. `now`: what it is given.
void begin_evidence(const Plan& plan, const std::filesystem::path& run, const std::filesystem::path& runs,
                    const std::optional<FreshWay>& fresh, const GivenNow& now, ProcessStart& start);

// After the run has ended: takes its view apart and notes which files changed. Gives back what a reader must
// know.
std::vector<std::string> end_evidence(const Plan& plan, const std::filesystem::path& run,
                                      const std::filesystem::path& runs);

// Files that both of two runs wrote, outside of folders of their own.
std::vector<std::string> written_by_both(const std::filesystem::path& run_a,
                                         const std::filesystem::path& run_b);

}  // namespace reprise
