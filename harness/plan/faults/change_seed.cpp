// SPDX-License-Identifier: Apache-2.0
// Another seed draws other weights and other batches.
#include "harness/plan/fault.h"

namespace reprise::faults {

extern const Fault change_seed{
    .summary = "another seed",
    .stage = "rng",
    .plan =
        [](Plan& plan) { plan.pins["seed"] = std::to_string(pin_integer(plan.pins, "seed") == 1 ? 2 : 1); },
};

}  // namespace reprise::faults
