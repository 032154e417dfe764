// SPDX-License-Identifier: Apache-2.0
// Hundreds of numbers added to one place.
#include <ATen/ops/scatter_add.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe scatter_add{
    .summary = "numbers added to chosen places along a dimension, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 256}), draw.below("index", 16, {1024, 256}),
              draw.normal("source", {1024, 256})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::scatter_add(given["x"], 0, given["index"], given["source"])}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
