// SPDX-License-Identifier: Apache-2.0
// The inner dimension may be split among threads.
#include <ATen/ops/matmul.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe matmul{
    .summary = "a matrix product, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {256, 384}), draw.normal("y", {384, 192})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::matmul(given["x"], given["y"])}};
    },
    .gradients = "x y",
    .rows = "x",
};

}  // namespace reprise::probes
