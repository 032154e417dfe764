// SPDX-License-Identifier: Apache-2.0
// The backward pass of a convolution as a forward pass: products are added where they overlap.
#include <ATen/ops/conv_transpose3d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv_transpose3d{
    .summary = "3-dimensional transposed convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4, 8, 10, 12, 12}), draw.normal("weight", {8, 12, 3, 3, 3}),
              draw.normal("bias", {12})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv_transpose3d(given["x"], given["weight"], given["bias"], 2)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
