// SPDX-License-Identifier: Apache-2.0
// Its backward pass adds rows to rows.
#include <ATen/ops/index_select.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_select_backward{
    .summary = "chosen rows, some of them often, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {64, 128}), draw.below("index", 64, {1024})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index_select(given["x"], 0, given["index"])}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
