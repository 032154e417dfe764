// SPDX-License-Identifier: Apache-2.0
// changes the thread count in the middle
#include <ATen/Parallel.h>

#include "planted/tiny_training.h"

namespace reprise::programs {

extern const Program changes_threads{
    .summary = "changes the thread count in the middle",
    .begin = [](const Setup& setup) { return tiny(setup, [] { at::set_num_threads(2); }); },
};

}  // namespace reprise::programs
