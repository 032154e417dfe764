// SPDX-License-Identifier: Apache-2.0
// Windows overlap, so that gradients are added.
#include <ATen/ops/max_pool3d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe max_pool3d_backward{
    .summary = "largest of overlapping 3-dimensional windows, and backward",
    .family = Family::pooling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 64, {4, 8, 13, 13, 13})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::max_pool3d(given["x"], 3, 2)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
