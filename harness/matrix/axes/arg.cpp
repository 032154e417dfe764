// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"
#include "harness/plan/arguments.h"

namespace reprise::axes {

extern const Axis arg{
    .summary = "an argument of a command, an option by its name or a word by its place: arg:--lr, arg:1",
    .values = "any that the command takes; present absent for an option without a value",
    .promise = Promise::none,
    .of = "NAME",
    .apply_to = set_argument,
};

}  // namespace reprise::axes
