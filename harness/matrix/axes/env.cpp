// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"
#include "harness/plan/arguments.h"

namespace reprise::axes {

extern const Axis env{
    .summary = "a variable of the environment that a command gets and no pin sets",
    .values = "any text",
    .promise = Promise::none,
    .of = "NAME",
    .apply_to = set_variable,
};

}  // namespace reprise::axes
