// SPDX-License-Identifier: Apache-2.0
// Many numbers to one place, multiplied.
#include <ATen/ops/scatter_reduce.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe scatter_reduce_prod{
    .summary = "numbers multiplied, in chosen places along a dimension, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {32, 128}), draw.below("index", 32, {1024, 128}),
              draw.uniform("source", {1024, 128}, 0.9F, 1.1F)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::scatter_reduce(given["x"], 0, given["index"], given["source"], "prod")}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
