// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one run of a claim left to be judged: its numbers, its bits, what it ran on.
#include "harness/judge/claim/held.h"
#include "harness/launch/launch.h"

namespace reprise {

// `run` as planned, and what became of it. Whatever cannot be read becomes its trouble, in words.
ClaimRun read_claim_run(const Claim& claim, const Run& run, const RunResult& result);

}  // namespace reprise
