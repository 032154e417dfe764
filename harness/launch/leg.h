// SPDX-License-Identifier: Apache-2.0
#pragma once
// One leg of a batch (cluster/batch.h), made on the machine that this process runs on.
#include <filesystem>

#include "harness/launch/launch.h"

namespace reprise {

struct LegChoice {
  std::filesystem::path batch;
  std::size_t leg = 0;
  std::filesystem::path result;  // written last, of a run that ended, done or not; "": nowhere
  std::filesystem::path folder;  // in which a command is started; "": as the plan says
};

// Makes it as a process of this machine, whatever executor its plan names. An Error if the batch has no such
// leg, or another reprise handed it in.
RunResult make_leg(const LegChoice& choice, LaunchOptions options);

// SHA-256 of the running program.
std::string this_program();

}  // namespace reprise
