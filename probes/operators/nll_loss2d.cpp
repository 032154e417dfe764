// SPDX-License-Identifier: Apache-2.0
// A mean over all places of images.
#include <ATen/ops/nll_loss2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe nll_loss2d{
    .summary = "negative log-likelihood of images, and backward",
    .family = Family::loss,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 32, 32}), draw.below("target", 16, {8, 32, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::nll_loss2d(given["x"], given["target"])}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
