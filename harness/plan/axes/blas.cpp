// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"
#include "harness/plan/set_pin.h"

namespace reprise::axes {

extern const Axis blas{
    .summary = "library of matrix products on a GPU",
    .values = "default cublas cublaslt",
    .owes = Promise::numeric,
    .apply = [](Plan& plan, std::string_view value) { set_pin(plan, "blas-backend", value); },
};

}  // namespace reprise::axes
