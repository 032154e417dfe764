// SPDX-License-Identifier: Apache-2.0
// Loops until chance ends them.
#include <ATen/ops/poisson.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe poisson{
    .summary = "Poisson random numbers",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.uniform("x", {16384}, 0, 20)}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::poisson(given["x"])}};
    },
    .draws = true,
};

}  // namespace reprise::probes
