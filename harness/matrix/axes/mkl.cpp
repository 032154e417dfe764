// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis mkl{
    .summary = "code branch of MKL's matrix products; strict asks for equal bits whatever the threads",
    .pin = "mkl",
};

}  // namespace reprise::axes
