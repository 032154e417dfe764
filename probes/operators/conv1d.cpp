// SPDX-License-Identifier: Apache-2.0
// oneDNN or ATen, by size and threads; gradients of weights are sums over the batch.
#include <ATen/ops/conv1d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe conv1d{
    .summary = "1-dimensional convolution, and backward",
    .family = Family::convolution,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 128}), draw.normal("weight", {48, 32, 5}), draw.normal("bias", {48})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::conv1d(given["x"], given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
