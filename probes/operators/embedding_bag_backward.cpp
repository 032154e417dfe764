// SPDX-License-Identifier: Apache-2.0
// Bags of 16 rows each.
#include <ATen/ops/arange.h>
#include <ATen/ops/embedding_bag.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe embedding_bag_backward{
    .summary = "sums of chosen rows of a table, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("weight", {256, 128}), draw.below("index", 256, {4096})};
    },
    .call = [](const Given& given) -> Tensors {
      const at::Tensor starts = at::arange(0, 4096, 16, given["index"].options());
      const auto found = at::embedding_bag(given["weight"], given["index"], starts, false, 0);
      return {{"out", std::get<0>(found)}};
    },
    .gradients = "weight",
};

}  // namespace reprise::probes
