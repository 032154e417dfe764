// SPDX-License-Identifier: Apache-2.0
// Numbers at the edge count several times.
#include <ATen/ops/reflection_pad1d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe reflection_pad1d_backward{
    .summary = "edges continued by what is inside, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::reflection_pad1d(given["x"], {7, 7})}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
