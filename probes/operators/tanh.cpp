// SPDX-License-Identifier: Apache-2.0
// MKL chooses the kernel at the first call of the process, and the remainder of each thread may take another.
#include <ATen/ops/tanh.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe tanh{
    .summary = "hyperbolic tangents, and backward",
    .family = Family::elementwise,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {512, 513}, -4, 4)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::tanh(given["x"])}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
