// SPDX-License-Identifier: Apache-2.0
// A largest number, a sum of exponentials and a division for each row.
#include <ATen/ops/softmax.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe softmax{
    .summary = "softmax of rows, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::softmax(given["x"], 1)}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
