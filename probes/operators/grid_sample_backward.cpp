// SPDX-License-Identifier: Apache-2.0
// Places are read often, so that gradients are added there.
#include <ATen/ops/grid_sampler.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe grid_sample_backward{
    .summary = "an image read at given places, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 8, 32, 32}), draw.uniform("grid", {8, 40, 40, 2}, -1, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::grid_sampler(given["x"], given["grid"], 0, 0, false)}};
    },
    .gradients = "x grid",
    .rows = "x grid",
};

}  // namespace reprise::probes
