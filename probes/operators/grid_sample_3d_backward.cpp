// SPDX-License-Identifier: Apache-2.0
// As grid_sample, in three dimensions.
#include <ATen/ops/grid_sampler.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe grid_sample_3d_backward{
    .summary = "a volume read at given places, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4, 4, 12, 12, 12}), draw.uniform("grid", {4, 14, 14, 14, 3}, -1, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::grid_sampler(given["x"], given["grid"], 0, 0, false)}};
    },
    .gradients = "x grid",
    .rows = "x grid",
};

}  // namespace reprise::probes
