// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a script saved, held against what was watched: tensors in its checkpoints that no stage of the trace
// has are often what is published, and nobody saw how they came about.
#include <filesystem>
#include <string>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// A sentence for each checkpoint that the run wrote and that holds such tensors: "not observed:
// target_network.pt holds 2 tensors that no watched stage has (bias, weight)". `run`: the folder of a run
// that is done.
std::vector<std::string> saved_unobserved(const Plan& plan, const std::filesystem::path& run);

}  // namespace reprise
