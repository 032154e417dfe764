// SPDX-License-Identifier: Apache-2.0
// Several threads count parts, which are then added: whole numbers, exact in float.
#include <ATen/ops/histc.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe histc{
    .summary = "counts of numbers in 100 bins",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors { return {draw.normal("x", {131072})}; },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::histc(given["x"], 100, -3, 3)}};
    },
};

}  // namespace reprise::probes
