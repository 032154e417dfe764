// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis onednn{
    .summary = "widest instructions of oneDNN's convolutions; off takes ATen's own",
    .pin = "onednn",
};

}  // namespace reprise::axes
