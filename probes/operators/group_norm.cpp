// SPDX-License-Identifier: Apache-2.0
// Eight groups of channels in each sample.
#include <ATen/ops/group_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe group_norm{
    .summary = "group normalization, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 32, 16, 16}), draw.normal("weight", {32}), draw.normal("bias", {32})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::group_norm(given["x"], 8, given["weight"], given["bias"])}};
    },
    .gradients = "x weight bias",
    .rows = "x",
};

}  // namespace reprise::probes
