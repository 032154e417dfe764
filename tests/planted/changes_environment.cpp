// SPDX-License-Identifier: Apache-2.0
// changes a variable that pins a library in the middle
#include <cstdlib>

#include "planted/tiny_training.h"

namespace reprise::programs {

extern const Program changes_environment{
    .summary = "changes a variable that pins a library in the middle",
    .begin = [](const Setup& setup) { return tiny(setup, [] { ::setenv("MKL_CBWR", "COMPATIBLE", 1); }); },
};

}  // namespace reprise::programs
