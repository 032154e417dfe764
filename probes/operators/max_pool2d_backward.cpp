// SPDX-License-Identifier: Apache-2.0
// Windows overlap, so that gradients are added.
#include <ATen/ops/max_pool2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe max_pool2d_backward{
    .summary = "largest of overlapping windows, and backward",
    .family = Family::pooling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 64, {8, 16, 33, 33})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::max_pool2d(given["x"], 3, 2)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
