// SPDX-License-Identifier: Apache-2.0
// Its backward pass is scatter_add.
#include <ATen/ops/gather.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe gather_backward{
    .summary = "chosen numbers along a dimension, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {64, 256}), draw.below("index", 64, {1024, 256})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::gather(given["x"], 0, given["index"])}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
