// SPDX-License-Identifier: Apache-2.0
// Whole numbers, scaled.
#include <ATen/ops/rand.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe rand{
    .summary = "uniform random numbers",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {1})}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::rand({65536}, given["x"].options())}};
    },
    .draws = true,
};

}  // namespace reprise::probes
