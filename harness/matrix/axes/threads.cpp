// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis threads{
    .summary = "threads within one operator: they decide how sums are split",
    .pin = "threads",
};

}  // namespace reprise::axes
