// SPDX-License-Identifier: Apache-2.0
// MKL chooses the kernel at the first call of the process, and the remainder of each thread may take another.
#include <ATen/ops/sqrt.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sqrt{
    .summary = "square roots, and backward",
    .family = Family::elementwise,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {512, 513}, 0.1F, 4)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::sqrt(given["x"])}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
