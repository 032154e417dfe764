// SPDX-License-Identifier: Apache-2.0
// Sums over the first dimension, whose columns are grouped for vectors.
#include <ATen/ops/sum.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sum_columns{
    .summary = "sums of columns",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::sum(given["x"], 0)}};
    },
};

}  // namespace reprise::probes
