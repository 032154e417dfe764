// SPDX-License-Identifier: Apache-2.0
#pragma once
// A claim as it is typed behind `reprise claim`, for a script that no recipe describes.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/claim/claim.h"

namespace reprise {

struct TypedClaim {
  std::string metric;  // "val=val loss ([0-9.]+)", or a name alone
  std::string file, key, take = "last", better, unit, statistic, spread_kind, reason;
  std::optional<double> value, margin, spread;
  std::optional<std::size_t> n_seeds;
};

// An Error where it says too little.
Claim claim_of(const TypedClaim& typed, const Recipe& recipe);
// A claim's metric as somebody would type it; only of a command.
TypedClaim typed_metric_of(const Claim& claim);
// The metric alone. An Error where it says too little, or no command is run.
void check_typed_metric(const TypedClaim& typed, const Recipe& recipe);
// Reads it from the words of a command line; nothing where no number is placed there.
std::optional<TypedClaim> typed_metric_in(const std::vector<std::string>& words);
Claim metric_claim_of(const TypedClaim& typed);

// The words that say it again; none where none was typed.
std::vector<std::string> words_of_typed(const TypedClaim& typed);

}  // namespace reprise
