// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis determinism{
    .summary =
        "LibTorch's deterministic algorithms: taken and demanded, left out, or taken where there are any",
    .values = "on off warn",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "deterministic", value); },
};

}  // namespace reprise::axes
