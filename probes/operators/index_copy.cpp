// SPDX-License-Identifier: Apache-2.0
// Rows copied into rows, each to a place of its own.
#include <ATen/ops/index_copy.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe index_copy{
    .summary = "rows copied to chosen rows, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {640, 128}), draw.permutation("index", 512),
              draw.normal("source", {512, 128})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::index_copy(given["x"], 0, given["index"], given["source"])}};
    },
    .gradients = "x source",
};

}  // namespace reprise::probes
