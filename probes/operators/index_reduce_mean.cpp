// SPDX-License-Identifier: Apache-2.0
// Rows averaged into rows.
#include <ATen/ops/index_reduce.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_reduce_mean{
    .summary = "rows averaged in chosen rows, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 128}), draw.below("index", 16, {1024}),
              draw.normal("source", {1024, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index_reduce(given["x"], 0, given["index"], given["source"], "mean")}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
