// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes the runs of some claims of one recipe and holds the claims against them. What exists is not run
// again, so that the same command goes on where it was stopped; a time budget ends it early and says what
// that cost.
#include <chrono>

#include "harness/judge/claim/held.h"
#include "harness/search/claim/claim_plan.h"

namespace reprise {

struct ClaimChoices {
  std::optional<std::size_t> seeds;
  std::chrono::seconds budget{0};  // zero: none
};

// "cnn: 5 runs with seeds 1 to 5: ...; each takes about 12 s; 3 of them exist": before anything runs.
std::vector<std::string> forecasts(const std::vector<ClaimPlan>& plans, const LaunchOptions& options);

std::vector<HeldClaim> hold(const std::vector<ClaimPlan>& plans, const ClaimChoices& choices,
                            const LaunchOptions& options);

// "20m", "90s", "1.5h", "600" (seconds). An Error for anything else.
std::chrono::seconds budget_from(std::string_view text);

}  // namespace reprise
