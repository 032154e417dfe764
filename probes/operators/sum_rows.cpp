// SPDX-License-Identifier: Apache-2.0
// Each sum belongs to one row.
#include <ATen/ops/sum.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe sum_rows{
    .summary = "sums of rows",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::sum(given["x"], 1)}};
    },
    .rows = "x",
};

}  // namespace reprise::probes
