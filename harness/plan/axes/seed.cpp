// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis seed{
    .summary = "the number all random draws start from: another seed is meant to train another model",
    .values = "0 1 2 ...",
    .owes = Promise::statistical,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "seed", value); },
};

}  // namespace reprise::axes
