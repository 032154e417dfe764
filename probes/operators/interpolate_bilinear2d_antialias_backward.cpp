// SPDX-License-Identifier: Apache-2.0
// A number counts in several results, whose gradients are added.
#include <ATen/ops/_upsample_bilinear2d_aa.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe interpolate_bilinear2d_antialias_backward{
    .summary = "resampling, bilinear2d with antialias, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 37, 37})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::_upsample_bilinear2d_aa(given["x"], {24, 24}, false)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
