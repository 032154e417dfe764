// SPDX-License-Identifier: Apache-2.0
// Logarithms of uniform numbers.
#include <ATen/ops/exponential.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe exponential{
    .summary = "exponential random numbers",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {65536})}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::exponential(given["x"])}};
    },
    .draws = true,
};

}  // namespace reprise::probes
