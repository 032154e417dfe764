// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis cublas_workspace{
    .summary = "memory of cuBLAS, which decides among its kernels",
    .values = ":4096:8 :16:8 unset",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "cublas-workspace", value); },
};

}  // namespace reprise::axes
