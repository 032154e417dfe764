// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run is given besides the files that it opens itself: programs, libraries, variables, the machine.
// Each under a name for people ("torch", "variable HF_HOME"), so that a change can be told.
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "harness/plan/plan.h"
#include "harness/trace/trace.h"
#include "harness/watch/recorder.h"

namespace reprise {

// The worker, the libraries that it is loaded with, and the machine. `variables` are its environment.
Facts worker_givens(const Plan& plan, const std::filesystem::path& worker,
                    const std::map<std::string, std::string>& variables);

// The program, the recorder and its torch, the variables that are handed on, and the machine.
Facts command_givens(const std::filesystem::path& program, const std::optional<Recorder>& recorder,
                     const std::map<std::string, std::string>& variables);

}  // namespace reprise
