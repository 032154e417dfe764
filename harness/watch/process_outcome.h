// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the end of a process means for its run.
#include <chrono>
#include <filesystem>

#include "harness/base/process.h"
#include "harness/plan/matrix.h"

namespace reprise {

// What the end of the worker means, from its exit, its log, and whether it left the file it was to make.
// Lines of the log that begin with "note: " become the notes of a run that is done.
Outcome outcome_of(const ProcessEnd& end, const std::filesystem::path& product,
                   const std::filesystem::path& log, std::chrono::seconds time_limit);

}  // namespace reprise
