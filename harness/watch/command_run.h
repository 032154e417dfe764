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

// A command that is stopped: each of its processes that trains is sent SIGTERM after this step, as a
// scheduler stops a job. Part of the plan, as a variable that the recorder reads. Zero: none is.
void stop_after(Plan& plan, std::int64_t step);
std::int64_t stop_after(const Plan& plan);

// `run`: the run's folder, absolute. Builds the recorder if there is none for that torch; an Error where that
// cannot be, or where the program is not there.
ProcessStart command_start(const Plan& plan, const std::filesystem::path& run,
                           const std::function<void(const std::string&)>& tell);

// Like outcome_of (run_folder.h): done if the command ended well and left a trace. Where it left none, the
// reason is the likely cause, from what the recorder saw. One that was stopped as its plan asks is done,
// however it ended. `settled`: its processes, in their places.
Outcome command_outcome(const ProcessEnd& end, const std::filesystem::path& run,
                        const SettledProcesses& settled, std::chrono::seconds time_limit);

}  // namespace reprise
