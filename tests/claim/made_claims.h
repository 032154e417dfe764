// SPDX-License-Identifier: Apache-2.0
#pragma once
// Claims and runs that are made up.
#include <string>
#include <vector>

#include "harness/judge/claim/held.h"

namespace reprise {

inline Claim made_claim(double value = 91.2, double margin = 0.5) {
  Claim claim;
  claim.name = "table";
  claim.metric = "accuracy";
  claim.unit = "%";
  claim.value = value;
  claim.margin = margin;
  claim.margin_reason = "half of the gain claimed";
  return claim;
}

inline Claim made_claim(double value, double spread, SpreadKind kind, std::size_t n_seeds,
                        double margin = 0.5) {
  Claim claim = made_claim(value, margin);
  claim.spread = spread;
  claim.spread_kind = kind;
  claim.n_seeds = n_seeds;
  return claim;
}

inline ClaimRun made_run(std::size_t seed, std::vector<double> values) {
  ClaimRun run{"seed=" + std::to_string(seed), std::to_string(seed), "runs/" + std::to_string(seed)};
  run.outcome.ending = Ending::done;
  run.identity = "chain " + std::to_string(seed);
  run.values = std::move(values);
  return run;
}

// One run for each value, of distinct bits.
inline std::vector<ClaimRun> made_runs(const std::vector<double>& values) {
  std::vector<ClaimRun> runs;
  for (const double value : values) runs.push_back(made_run(runs.size() + 1, {value}));
  return runs;
}

// `n` values with exactly this mean and deviation.
inline std::vector<double> values_of(std::size_t n, double mean, double sd) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<double>(i));
  const Sample sample = sample_of(values);
  for (auto& value : values) value = mean + (value - sample.mean) / sample.sd * sd;
  return values;
}

}  // namespace reprise
