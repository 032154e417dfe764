// SPDX-License-Identifier: Apache-2.0
// With fixed statistics each sample is by itself.
#include <ATen/ops/batch_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe batch_norm_eval{
    .summary = "batch normalization in evaluation, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 16, 16}), draw.normal("weight", {32}), draw.normal("bias", {32}),
              draw.normal("mean", {32}), draw.uniform("variance", {32}, 0.5F, 2)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::batch_norm(given["x"], given["weight"], given["bias"], given["mean"],
                                     given["variance"], false, 0.1, 1e-5, true)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
