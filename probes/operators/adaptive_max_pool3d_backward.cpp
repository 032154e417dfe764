// SPDX-License-Identifier: Apache-2.0
// On a GPU it adds as threads come, and says nothing of it.
#include <ATen/ops/adaptive_max_pool3d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe adaptive_max_pool3d_backward{
    .summary = "largest of as many 3-dimensional windows as asked, and backward",
    .family = Family::pooling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.levels("x", 64, {4, 8, 13, 13, 13})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", std::get<0>(at::adaptive_max_pool3d(given["x"], {5, 5, 5}))}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
