// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults that a plan asks for (Watch::injected), done to live tensors.
#include "harness/plan/fault.h"
#include "harness/record/state.h"

namespace reprise {

// To the first element of the first weight that has one. An Error if there is none.
void inject(const Fault& fault, const State& state);

// The fault that the plan wants at this step; null where it wants none.
const Fault* fault_at(const Plan& plan, std::int64_t step);

}  // namespace reprise
