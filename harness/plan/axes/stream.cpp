// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis stream{
    .summary =
        "the CUDA stream that the training runs in: the same work in the same order, so nothing may move",
    .values = "default pool",
    .owes = Promise::bitwise,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "stream", value); },
};

}  // namespace reprise::axes
