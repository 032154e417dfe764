// SPDX-License-Identifier: Apache-2.0
// Products of all beginnings of a row.
#include <ATen/ops/cumprod.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe cumprod{
    .summary = "running products of rows, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {256, 256}, 0.9F, 1.1F)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::cumprod(given["x"], 1)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
