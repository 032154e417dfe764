// SPDX-License-Identifier: Apache-2.0
// Numbers at the edge count several times.
#include <ATen/ops/replication_pad2d.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe replication_pad2d_backward{
    .summary = "edges continued by what is inside, and backward",
    .family = Family::resampling,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {8, 16, 28, 28})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::replication_pad2d(given["x"], {3, 3, 3, 3})}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
