// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis batch_order{
    .summary = "which samples make up each batch: another order is meant to train another model",
    .pin = "batch-order",
    .values = "seeded sequential file:PATH",
};

}  // namespace reprise::axes
