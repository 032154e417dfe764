// SPDX-License-Identifier: Apache-2.0
// As addmm, for each sample.
#include <ATen/ops/baddbmm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe baddbmm{
    .summary = "matrix products of a batch added to matrices, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("bias", {16, 64, 48}), draw.normal("x", {16, 64, 96}),
              draw.normal("y", {16, 96, 48})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::baddbmm(given["bias"], given["x"], given["y"])}};
    },
    .gradients = "bias x y",
    .rows = "bias x y",
};

}  // namespace reprise::probes
