// SPDX-License-Identifier: Apache-2.0
// Sorted by random keys on a GPU.
#include <ATen/ops/randperm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe randperm{
    .summary = "a random order",
    .family = Family::random,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.permutation("x", 2)}; },
    .call = [](const Given& given) -> Tensors {
      given.seed_generators();
      return {{"out", at::randperm(65536, given["x"].options())}};
    },
    .draws = true,
};

}  // namespace reprise::probes
