// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis cublas_workspace{
    .summary = "memory of cuBLAS, which decides among its kernels",
    .pin = "cublas-workspace",
};

}  // namespace reprise::axes
