// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis blas{
    .summary = "library of matrix products on a GPU",
    .pin = "blas-backend",
};

}  // namespace reprise::axes
