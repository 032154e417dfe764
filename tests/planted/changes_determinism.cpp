// SPDX-License-Identifier: Apache-2.0
// turns deterministic algorithms off in the middle
#include <ATen/Context.h>

#include "planted/tiny_training.h"

namespace reprise::programs {

extern const Program changes_determinism{
    .summary = "turns deterministic algorithms off in the middle",
    .begin =
        [](const Setup& setup) {
          return tiny(setup, [] { at::globalContext().setDeterministicAlgorithms(false, false); });
        },
};

}  // namespace reprise::programs
