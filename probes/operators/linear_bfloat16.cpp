// SPDX-License-Identifier: Apache-2.0
// In bfloat16, whatever the plan: oneDNN or a kernel of ATen, by the processor.
#include <ATen/ops/linear.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe linear_bfloat16{
    .summary = "a linear layer in bfloat16, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {256, 384}), draw.normal("weight", {192, 384}), draw.normal("bias", {192})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::linear(given["x"].to(at::kBFloat16), given["weight"].to(at::kBFloat16),
                                 given["bias"].to(at::kBFloat16))}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
