// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis precision{
    .summary = "number format in which the recipe computes",
    .values = "float32 float64 bfloat16",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "precision", value); },
};

}  // namespace reprise::axes
