// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis batch_order{
    .summary = "which samples make up each batch: another order is meant to train another model",
    .values = "seeded sequential file:PATH",
    .owes = Promise::statistical,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "batch-order", value); },
};

}  // namespace reprise::axes
