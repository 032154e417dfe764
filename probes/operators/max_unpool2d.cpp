// SPDX-License-Identifier: Apache-2.0
// Deterministic mode refuses it: places may be named twice.
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_unpool2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe max_unpool2d{
    .summary = "numbers put back where the largest were, and backward",
    .family = Family::pooling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 32, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      const auto pooled = at::max_pool2d_with_indices(given["x"], 2);
      return {{"out", at::max_unpool2d(std::get<0>(pooled), std::get<1>(pooled), {32, 32})}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
