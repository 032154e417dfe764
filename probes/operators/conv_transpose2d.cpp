// SPDX-License-Identifier: Apache-2.0
// The backward pass of a convolution as a forward pass: products are added where they overlap.
#include <ATen/ops/conv_transpose2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv_transpose2d{
    .summary = "2-dimensional transposed convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 28, 28}), draw.normal("weight", {16, 24, 3, 3}),
              draw.normal("bias", {24})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv_transpose2d(given["x"], given["weight"], given["bias"], 2)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
