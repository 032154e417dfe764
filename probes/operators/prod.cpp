// SPDX-License-Identifier: Apache-2.0
// The order of products decides their rounding.
#include <ATen/ops/prod.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe prod{
    .summary = "products of rows, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {256, 256}, 0.9F, 1.1F)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::prod(given["x"], 1)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
