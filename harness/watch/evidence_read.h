// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a finished run still stands for its plan: whether all that it was given and was seen to read is as
// it was then.
#include <filesystem>
#include <functional>
#include <string>

#include "harness/trace/files_seen.h"

namespace reprise {

// What is given now, asked for only where it is needed.
struct GivenNow {
  std::function<Facts()> given;  // as RunStart::given
  std::function<Facts()> git;    // as RunStart::git
  std::filesystem::path folder;  // that a command is started in
};

// "" if the run can be reused; else what changed: "train.py changed since this run was made".
std::string what_changed(const std::filesystem::path& run, const GivenNow& now);

}  // namespace reprise
