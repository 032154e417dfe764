// SPDX-License-Identifier: Apache-2.0
// A sum of exponentials.
#include <ATen/ops/logsumexp.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe logsumexp{
    .summary = "logarithms of sums of exponentials of rows, and backward",
    .family = Family::reduction,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 513})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::logsumexp(given["x"], {1})}};
    },
    .gradients = "x",
    .rows = "x",
};

}  // namespace reprise::probes
