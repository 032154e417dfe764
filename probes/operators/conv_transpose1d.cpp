// SPDX-License-Identifier: Apache-2.0
// The backward pass of a convolution as a forward pass: products are added where they overlap.
#include <ATen/ops/conv_transpose1d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv_transpose1d{
    .summary = "1-dimensional transposed convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 128}), draw.normal("weight", {32, 48, 5}), draw.normal("bias", {48})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv_transpose1d(given["x"], given["weight"], given["bias"], 2)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
