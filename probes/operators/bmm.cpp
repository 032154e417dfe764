// SPDX-License-Identifier: Apache-2.0
// A product for each sample.
#include <ATen/ops/bmm.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe bmm{
    .summary = "matrix products of a batch, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {16, 64, 96}), draw.normal("y", {16, 96, 48})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::bmm(given["x"], given["y"])}};
    },
    .gradients = "x y",
    .rows = "x y",
};

}  // namespace reprise::probes
