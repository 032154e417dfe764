// SPDX-License-Identifier: Apache-2.0
// Weights added to the bin of each number.
#include <ATen/ops/bincount.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe bincount_weights{
    .summary = "weighted counts of whole numbers",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.below("x", 64, {65536}), draw.uniform("weights", {65536}, 0, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::bincount(given["x"], given["weights"])}};
    },
};

}  // namespace reprise::probes
