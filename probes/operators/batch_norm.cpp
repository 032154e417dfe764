// SPDX-License-Identifier: Apache-2.0
// Means and variances over the batch, summed by each thread apart.
#include <ATen/ops/batch_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe batch_norm{
    .summary = "batch normalization in training, its running statistics, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 16, 16}), draw.normal("weight", {32}), draw.normal("bias", {32}),
              draw.normal("mean", {32}), draw.uniform("variance", {32}, 0.5F, 2)};
    },
    .call = [](const Given& given) -> Tensors {
      const at::Tensor mean = given["mean"].clone(), variance = given["variance"].clone();
      const at::Tensor out =
          at::batch_norm(given["x"], given["weight"], given["bias"], mean, variance, true, 0.1, 1e-5, true);
      return {{"out", out}, {"running mean", mean}, {"running variance", variance}};
    },
    .gradients = "x weight bias",
};

}  // namespace reprise::probes
