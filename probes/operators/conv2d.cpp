// SPDX-License-Identifier: Apache-2.0
// oneDNN or ATen, by size and threads; gradients of weights are sums over the batch.
#include <ATen/ops/conv2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv2d{
    .summary = "2-dimensional convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 28, 28}), draw.normal("weight", {24, 16, 3, 3}),
              draw.normal("bias", {24})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv2d(given["x"], given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
