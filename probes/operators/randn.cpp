// SPDX-License-Identifier: Apache-2.0
// The processor has a kernel with vectors and one without, whose last bits differ.
#include <ATen/ops/randn.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe randn{
    .summary = "normal random numbers",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {1})}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::randn({65536}, given["x"].options())}};
    },
    .draws = true,
};

}  // namespace reprise::probes
