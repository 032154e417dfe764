// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many samples of a step one process takes, and so how many numbers a row of its trace's order has.
#include <cstdint>

#include "harness/plan/plan.h"

namespace reprise {

// The batch, or of several ranks that train together an equal share of it; 0 of a command, whose samples are
// not known.
inline std::int64_t batch_share(const Plan& plan) { return plan.batch / plan.placement.ranks; }

}  // namespace reprise
