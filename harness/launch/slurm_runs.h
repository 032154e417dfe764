// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs made by a Slurm cluster: handed in as arrays, looked after by squeue, and put into their place when
// their job ended as COMPLETED and every file that its result names has the digest that it names.
#include <memory>
#include <vector>

#include "harness/launch/executor.h"

namespace reprise {

std::unique_ptr<Handed> hand_to_slurm(const std::vector<Run>& runs, const LaunchOptions& options);

}  // namespace reprise
