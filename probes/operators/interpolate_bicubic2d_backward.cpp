// SPDX-License-Identifier: Apache-2.0
// A number counts in several results, whose gradients are added.
#include <ATen/ops/upsample_bicubic2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe interpolate_bicubic2d_backward{
    .summary = "resampling, bicubic2d, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 24, 24})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::upsample_bicubic2d(given["x"], {37, 37}, false)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
