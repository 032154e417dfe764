// SPDX-License-Identifier: Apache-2.0
// Sums of all beginnings of a long row.
#include <ATen/ops/cumsum.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe cumsum{
    .summary = "running sums of one long row, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {65536})}; },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::cumsum(given["x"], 0)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
