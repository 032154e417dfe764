// SPDX-License-Identifier: Apache-2.0
// A matrix times a vector has kernels of its own.
#include <ATen/ops/mv.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe mv{
    .summary = "a matrix times a vector, and backward",
    .family = Family::product,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {512, 769}), draw.normal("y", {769})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::mv(given["x"], given["y"])}};
    },
    .gradients = "x y",
    .rows = "x",
};

}  // namespace reprise::probes
