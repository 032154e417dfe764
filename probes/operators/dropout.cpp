// SPDX-License-Identifier: Apache-2.0
// One draw for each number; a GPU draws by a grid that depends on its processors.
#include <ATen/ops/dropout.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe dropout{
    .summary = "numbers left out by chance, and backward",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::dropout(given["x"], 0.3, true)}};
    },
    .gradients = "x",
    .draws = true,
};

}  // namespace reprise::probes
