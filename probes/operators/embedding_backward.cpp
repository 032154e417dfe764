// SPDX-License-Identifier: Apache-2.0
// Frequent words add up hundreds of gradients.
#include <ATen/ops/embedding.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe embedding_backward{
    .summary = "rows of a table by number, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("weight", {64, 128}), draw.below("index", 64, {64, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::embedding(given["weight"], given["index"])}};
    },
    .gradients = "weight",
};

}  // namespace reprise::probes
