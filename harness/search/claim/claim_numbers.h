// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one run of a claim left to be judged: its numbers, its bits, what it ran on.
#include "harness/judge/claim/held.h"
#include "harness/launch/launch.h"

namespace reprise {

// The numbers of one run, in order. `folder`: of the run. An Error for what is not there or has changed
// since.
std::vector<double> placed_numbers(const NumberPlace& place, const Plan& plan,
                                   const std::filesystem::path& folder);

// `run` as planned, and what became of it. Whatever cannot be read becomes its trouble, in words.
ClaimRun read_claim_run(const Claim& claim, const Run& run, const RunResult& result);

}  // namespace reprise
