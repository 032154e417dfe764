// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the end of a process means for its run.
#include <chrono>
#include <filesystem>
#include <vector>

#include "harness/base/process.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/worker_event.h"

namespace reprise {

// From its exit and whether it left the file it was to make; `log` gives the last lines for people. What a
// worker told (worker_event.h) gives the reason, and the notes of a run that is done.
Outcome outcome_of(const ProcessEnd& end, const std::filesystem::path& product,
                   const std::filesystem::path& log, std::chrono::seconds time_limit,
                   const std::vector<WorkerEvent>& events = {});

}  // namespace reprise
