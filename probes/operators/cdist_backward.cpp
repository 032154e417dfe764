// SPDX-License-Identifier: Apache-2.0
// Distances of all pairs; by a matrix product from 26 rows on.
#include <ATen/ops/cdist.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe cdist_backward{
    .summary = "distances of all pairs of rows, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {256, 64}), draw.normal("y", {192, 64})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::cdist(given["x"], given["y"], 2)}};
    },
    .gradients = "x y",
};

}  // namespace reprise::probes
