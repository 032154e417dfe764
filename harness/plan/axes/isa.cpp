// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis isa{
    .summary = "vector width of ATen's own CPU kernels, as on another processor",
    .values = "auto default avx2 avx512",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "isa", value); },
};

}  // namespace reprise::axes
