// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps what a run left beside its trace (left.json), before the next run can overwrite it.
#include <filesystem>

#include "harness/plan/plan.h"

namespace reprise {

// `run`: the folder of a run that is done, absolute. Nothing of a short or closer run of another one.
void keep_left(const Plan& plan, const std::filesystem::path& run);

}  // namespace reprise
