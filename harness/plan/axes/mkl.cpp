// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis mkl{
    .summary = "code branch of MKL's matrix products; strict asks for equal bits whatever the threads",
    .values = "default compatible avx2 strict",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "mkl", value); },
};

}  // namespace reprise::axes
