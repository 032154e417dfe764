// SPDX-License-Identifier: Apache-2.0
// A number counts in several results, whose gradients are added.
#include <ATen/ops/upsample_trilinear3d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe interpolate_trilinear3d_backward{
    .summary = "resampling, trilinear3d, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4, 8, 10, 10, 10})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::upsample_trilinear3d(given["x"], {15, 15, 15}, false)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
