// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

namespace reprise::axes {

extern const Axis python_hash_seed{
    .summary = "how Python hashes texts: it decides the order of sets, on which no training should depend",
    .pin = "python-hash-seed",
};

}  // namespace reprise::axes
