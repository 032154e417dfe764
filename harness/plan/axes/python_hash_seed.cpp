// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis python_hash_seed{
    .summary = "how Python hashes texts: it decides the order of sets, on which no training should depend",
    .values = "0 1 2 ... random",
    .owes = Promise::bitwise,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "python-hash-seed", value); },
};

}  // namespace reprise::axes
