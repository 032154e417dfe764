// SPDX-License-Identifier: Apache-2.0
// As a classifier ends: the gradient of so narrow a weight is split among threads by MKL where that of a wide
// one is not.
#include <ATen/ops/linear.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe linear_narrow{
    .summary = "a linear layer of ten outputs, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {64, 256}), draw.normal("weight", {10, 256}), draw.normal("bias", {10})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::linear(given["x"], given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
