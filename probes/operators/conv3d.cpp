// SPDX-License-Identifier: Apache-2.0
// oneDNN or ATen, by size and threads; gradients of weights are sums over the batch.
#include <ATen/ops/conv3d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv3d{
    .summary = "3-dimensional convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4, 8, 10, 12, 12}), draw.normal("weight", {12, 8, 3, 3, 3}),
              draw.normal("bias", {12})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv3d(given["x"], given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
