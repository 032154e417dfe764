// SPDX-License-Identifier: Apache-2.0
// Many numbers to one place, of which the largest stays.
#include <ATen/ops/scatter_reduce.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe scatter_reduce_amax{
    .summary = "numbers of which the largest stays, in chosen places along a dimension, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {32, 128}), draw.below("index", 32, {1024, 128}),
              draw.normal("source", {1024, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::scatter_reduce(given["x"], 0, given["index"], given["source"], "amax")}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
