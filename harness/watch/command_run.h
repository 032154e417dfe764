// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run of somebody's own command: how it is started so that the recorder comes along, and how its end is
// told.
#include <filesystem>
#include <functional>
#include <string>

#include "harness/base/process.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/plan.h"
#include "harness/watch/run_processes.h"

namespace reprise {

// `run`: the run's folder, absolute. Builds the recorder if there is none for that torch; an Error where that
// cannot be, or where the program is not there.
ProcessStart command_start(const Plan& plan, const std::filesystem::path& run,
                           const std::function<void(const std::string&)>& tell);

// Like outcome_of (run_folder.h): done if the command ended well and left a trace. Where it left none, the
// reason is the likely cause, from what the recorder saw. `settled`: its processes, in their places.
Outcome command_outcome(const ProcessEnd& end, const std::filesystem::path& run,
                        const SettledProcesses& settled, std::chrono::seconds time_limit);

}  // namespace reprise
