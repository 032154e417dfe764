// SPDX-License-Identifier: Apache-2.0
// Vector kernels approximate it otherwise than the C library.
#include <ATen/ops/silu.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe silu{
    .summary = "SiLU of numbers, and backward",
    .family = Family::elementwise,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {512, 513}, -4, 4)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::silu(given["x"])}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
