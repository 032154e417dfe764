// SPDX-License-Identifier: Apache-2.0
// As softmax, by logarithms.
#include <ATen/ops/log_softmax.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe log_softmax{
    .summary = "logarithms of softmax of rows, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::log_softmax(given["x"], 1)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
