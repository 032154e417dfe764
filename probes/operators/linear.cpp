// SPDX-License-Identifier: Apache-2.0
// One row takes another kernel than many: it is not the same in a batch.
#include <ATen/ops/linear.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe linear{
    .summary = "a linear layer, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {256, 384}), draw.normal("weight", {192, 384}), draw.normal("bias", {192})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::linear(given["x"], given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
