// SPDX-License-Identifier: Apache-2.0
// A draw against a chance for each number.
#include <ATen/ops/bernoulli.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe bernoulli{
    .summary = "zeros and ones by chance",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.uniform("x", {65536}, 0, 1)}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::bernoulli(given["x"])}};
    },
    .draws = true,
};

}  // namespace reprise::probes
