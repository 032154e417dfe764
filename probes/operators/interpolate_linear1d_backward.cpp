// SPDX-License-Identifier: Apache-2.0
// A number counts in several results, whose gradients are added.
#include <ATen/ops/upsample_linear1d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe interpolate_linear1d_backward{
    .summary = "resampling, linear1d, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 100})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::upsample_linear1d(given["x"], {157}, false)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
