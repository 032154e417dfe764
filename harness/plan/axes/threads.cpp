// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis threads{
    .summary = "threads within one operator: they decide how sums are split",
    .values = "1 2 4 ...",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "threads", value); },
};

}  // namespace reprise::axes
