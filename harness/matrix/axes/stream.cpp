// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis stream{
    .summary =
        "the CUDA stream that the training runs in: the same work in the same order, so nothing may move",
    .pin = "stream",
};

}  // namespace reprise::axes
