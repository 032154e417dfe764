// SPDX-License-Identifier: Apache-2.0
// A mean over the batch.
#include <ATen/ops/cross_entropy_loss.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe cross_entropy{
    .summary = "cross-entropy, and backward",
    .family = Family::loss,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 257}), draw.below("target", 257, {512})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::cross_entropy_loss(given["x"], given["target"])}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
