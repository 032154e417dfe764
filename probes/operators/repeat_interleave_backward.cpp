// SPDX-License-Identifier: Apache-2.0
// Its backward pass adds what was repeated.
#include <ATen/ops/repeat_interleave.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe repeat_interleave_backward{
    .summary = "rows repeated as often as asked, and backward",
    .family = Family::indexing,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 128}), draw.below("repeats", 5, {512})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::repeat_interleave(given["x"], given["repeats"], 0)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
