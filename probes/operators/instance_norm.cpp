// SPDX-License-Identifier: Apache-2.0
// Each channel of each sample by itself.
#include <ATen/ops/instance_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe instance_norm{
    .summary = "instance normalization, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 16, 16}), draw.normal("weight", {32}), draw.normal("bias", {32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out",
               at::instance_norm(given["x"], given["weight"], given["bias"], {}, {}, true, 0.1, 1e-5, true)}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
