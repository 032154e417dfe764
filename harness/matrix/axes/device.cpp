// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis device{
    .summary = "where it trains: the CPU, or a GPU by number, UUID or name",
    .pin = "device",
    .values = "cpu cuda:0 cuda:1 cuda:GPU-UUID cuda:NAME",
};

}  // namespace reprise::axes
