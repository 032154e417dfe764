// SPDX-License-Identifier: Apache-2.0
#pragma once
// One leg of a batch (cluster/batch.h), made on the machine that this process runs on.
#include <filesystem>

#include "harness/launch/launch.h"

namespace reprise {

// Makes it as a process of this machine, whatever executor its plan names, and writes the result of a run
// that ended, done or not, to `result` if that is given. An Error if the batch has no such leg, or another
// reprise handed it in.
RunResult make_leg(const std::filesystem::path& batch, std::size_t leg, const std::filesystem::path& result,
                   LaunchOptions options);

// SHA-256 of the running program.
std::string this_program();

}  // namespace reprise
