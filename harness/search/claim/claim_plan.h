// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runs of a claim, decided before any of them is made: how many, with which seeds, and why that many. The
// number never depends on what runs have shown, so that nobody stops where the answer pleases.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/claim/claim.h"
#include "harness/launch/launch.h"

namespace reprise {

inline constexpr std::size_t usual_runs = 5, most_planned_runs = 30, usual_law_runs = 30;

struct ClaimPlan {
  Claim claim;
  std::vector<Run> runs;           // names "seed=1"; with what the claim sets before that, "model=cnn seed=1"
  std::vector<std::string> seeds;  // of the first runs; what a law wants beside them follows
  std::optional<double> power;     // to show that it stands, if it does; nothing where no spread is published
  std::string sentence;
};

// `seeds`: how many, if somebody said so. `claims`: how many are judged together, each at its share of 5 %.
ClaimPlan plan_claim(const Recipe& recipe, const Choices& choices, const Claim& claim,
                     std::optional<std::size_t> seeds, std::size_t claims);

// The power of `n` runs that vary by `sd`, under the reading of the published spread that leaves the least.
double power_of(const Claim& claim, double sd, std::size_t n, double alpha = 0.05);

}  // namespace reprise
