// SPDX-License-Identifier: Apache-2.0
#pragma once
// One kept operator call (trace/call_file.h) made again, outside its recipe, under a plan's pins.
#include <filesystem>

#include "harness/launch/launch.h"

namespace reprise {

// Writes the outputs to `out`; with `in_double` all floating-point inputs are widened first and the outputs
// are not rounded. Leaves a log beside `out`. What the worker cannot do is an outcome, not an Error.
Outcome replay(const Plan& plan, const std::filesystem::path& call, const std::filesystem::path& out,
               bool in_double, const LaunchOptions& options);

}  // namespace reprise
