// SPDX-License-Identifier: Apache-2.0
// x[index], whose backward pass is index_put with accumulation.
#include <ATen/ops/index.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_backward{
    .summary = "x[index], and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {4096}), draw.below("index", 4096, {65536})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index(given["x"], {given["index"]})}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
