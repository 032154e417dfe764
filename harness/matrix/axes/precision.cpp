// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis precision{
    .summary = "number format in which the recipe computes",
    .pin = "precision",
};

}  // namespace reprise::axes
