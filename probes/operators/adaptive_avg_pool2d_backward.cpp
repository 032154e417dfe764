// SPDX-License-Identifier: Apache-2.0
// Sizes that do not divide, so that windows overlap.
#include <ATen/ops/adaptive_avg_pool2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe adaptive_avg_pool2d_backward{
    .summary = "means of as many windows as asked, and backward",
    .family = Family::pooling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 33, 33})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::adaptive_avg_pool2d(given["x"], {7, 7})}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
