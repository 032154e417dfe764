// SPDX-License-Identifier: Apache-2.0
// Draws without replacement divide by exponential numbers.
#include <ATen/ops/multinomial.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe multinomial_once{
    .summary = "numbers drawn by weight, each once",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {64, 1000}, 0, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::multinomial(given["x"], 200, false)}};
    },
    .draws = true,
};

}  // namespace reprise::probes
