// SPDX-License-Identifier: Apache-2.0
// Rows added to rows, hundreds of them to the same one: their order decides the sum.
#include <ATen/ops/index_add.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_add{
    .summary = "rows added to rows, many to the same one, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 128}), draw.below("index", 16, {1024}),
              draw.normal("source", {1024, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index_add(given["x"], 0, given["index"], given["source"])}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
