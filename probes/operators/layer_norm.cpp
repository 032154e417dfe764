// SPDX-License-Identifier: Apache-2.0
// The gradients of weight and bias are summed by each thread apart.
#include <ATen/ops/layer_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe layer_norm{
    .summary = "layer normalization, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 257}), draw.normal("weight", {257}), draw.normal("bias", {257})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::layer_norm(given["x"], {257}, given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
