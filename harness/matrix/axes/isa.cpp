// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis isa{
    .summary = "vector width of ATen's own CPU kernels, as on another processor",
    .pin = "isa",
};

}  // namespace reprise::axes
