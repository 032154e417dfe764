// SPDX-License-Identifier: Apache-2.0
// Sums of 64 rows each.
#include <ATen/ops/full.h>
#include <ATen/ops/segment_reduce.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe segment_reduce{
    .summary = "sums of segments, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4096, 32})};
    },
    .call = [](const Given& given) -> Tensors {
      const at::Tensor lengths = at::full({64}, 64, at::TensorOptions(at::kLong).device(given["x"].device()));
      return {{"out", at::segment_reduce(given["x"], "sum", lengths)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
