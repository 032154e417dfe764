// SPDX-License-Identifier: Apache-2.0
// Vector kernels approximate it otherwise than the C library.
#include <ATen/ops/gelu.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe gelu{
    .summary = "GELU of numbers, and backward",
    .family = Family::elementwise,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {512, 513}, -4, 4)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::gelu(given["x"])}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
