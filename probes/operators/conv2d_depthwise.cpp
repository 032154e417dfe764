// SPDX-License-Identifier: Apache-2.0
// One kernel for each channel, which has ways of its own.
#include <ATen/ops/conv2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv2d_depthwise{
    .summary = "2-dimensional convolution of each channel apart, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 32, 28, 28}), draw.normal("weight", {32, 1, 3, 3}),
              draw.normal("bias", {32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv2d(given["x"], given["weight"], given["bias"], 1, 1, 1, 32)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
