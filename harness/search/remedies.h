// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to pin, tried and not guessed: both sides are rerun with each remedy that the table of causes knows.
#include <cstdint>
#include <vector>

#include "harness/judge/explain/causes.h"
#include "harness/search/closer_look.h"

namespace reprise {

// Reruns both sides, one run at a time, some steps beyond `step`, where they part; says for each remedy
// whether the two sides are equal with it, and what a step then costs.
std::vector<RemedyTried> try_remedies(const Sides& sides, std::int64_t step,
                                      const std::vector<Remedy>& remedies, const LaunchOptions& options);

}  // namespace reprise
