// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis seed{
    .summary = "the number all random draws start from: another seed is meant to train another model",
    .pin = "seed",
};

}  // namespace reprise::axes
