// SPDX-License-Identifier: Apache-2.0
// As index_put_accumulate, by the older operator.
#include <ATen/ops/put.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe put_accumulate{
    .summary = "numbers added to chosen places of a flat tensor, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4096}), draw.below("index", 4096, {65536}), draw.normal("source", {65536})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::put(given["x"], given["index"], given["source"], true)}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
