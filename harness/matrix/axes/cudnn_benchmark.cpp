// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis cudnn_benchmark{
    .summary = "whether cuDNN's algorithm is chosen by timing, which varies from run to run",
    .pin = "cudnn-benchmark",
};

}  // namespace reprise::axes
