// SPDX-License-Identifier: Apache-2.0
// A product that is added to what is there.
#include <ATen/ops/addmm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe addmm{
    .summary = "a matrix product added to a matrix, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("bias", {256, 192}), draw.normal("x", {256, 384}), draw.normal("y", {384, 192})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::addmm(given["bias"], given["x"], given["y"])}};
    },
    .gradients = "bias x y",
    .rows = "bias x",
};

}  // namespace reprise::probes
