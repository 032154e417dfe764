// SPDX-License-Identifier: Apache-2.0
// In float16, whatever the plan: oneDNN or a kernel of ATen, by the processor.
#include <ATen/ops/linear.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe linear_half{
    .summary = "a linear layer in float16, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {256, 384}), draw.normal("weight", {192, 384}), draw.normal("bias", {192})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::linear(given["x"].to(at::kHalf), given["weight"].to(at::kHalf),
                                 given["bias"].to(at::kHalf))}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
