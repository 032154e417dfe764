// SPDX-License-Identifier: Apache-2.0
#pragma once
// Three short runs that tell rounding from another computation (judge/explain/growth.h): both sides and the
// control, with the values of some steps kept.
#include "harness/judge/explain/growth.h"
#include "harness/search/closer_look.h"

namespace reprise {

inline constexpr std::int64_t steps_of_growth = 10;  // that are compared, as far as the runs go

// `step`: where the two sides part; 0: before the first. A side that does not run makes the answer untested.
Growth grow(const Sides& sides, std::int64_t step, const LaunchOptions& options);

}  // namespace reprise
