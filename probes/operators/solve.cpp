// SPDX-License-Identifier: Apache-2.0
// By LU with pivots.
#include <ATen/ops/linalg_solve.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe solve{
    .summary = "the solution of linear equations, and backward",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.normal("x", {192, 192}), draw.normal("y", {192, 8})};
    },
    .call = [](const Given& given) -> Tensors {
      return {{"out", at::linalg_solve(given["x"], given["y"])}};
    },
    .gradients = "x y",
};

}  // namespace reprise::probes
