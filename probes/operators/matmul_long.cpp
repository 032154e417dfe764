// SPDX-License-Identifier: Apache-2.0
// Few results of long sums: where splitting the sum pays.
#include <ATen/ops/matmul.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe matmul_long{
    .summary = "a matrix product over 16,384 numbers, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16384}), draw.normal("y", {16384, 8})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::matmul(given["x"], given["y"])}};
    },
    .gradients = "x y",
    .rows = "x",
};

}  // namespace reprise::probes
