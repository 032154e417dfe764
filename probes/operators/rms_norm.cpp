// SPDX-License-Identifier: Apache-2.0
// Root mean square of each row.
#include <ATen/ops/rms_norm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe rms_norm{
    .summary = "RMS normalization, and backward",
    .family = Family::normalization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 257}), draw.normal("weight", {257})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::rms_norm(given["x"], {257}, given["weight"], 1e-6)}};
    },
    .gradients = "x weight",
    .rows = "x",
};

}  // namespace reprise::probes
