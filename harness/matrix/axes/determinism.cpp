// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis determinism{
    .summary =
        "LibTorch's deterministic algorithms: taken and demanded, left out, or taken where there are any",
    .pin = "deterministic",
};

}  // namespace reprise::axes
