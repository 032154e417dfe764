// SPDX-License-Identifier: Apache-2.0
// Positive definite, since its diagonal outweighs the rest.
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_cholesky.h>

#include "probes/probe.h"

namespace reprise::probes {

extern const Probe cholesky{
    .summary = "the Cholesky factor of a matrix, and backward",
    .family = Family::factorization,
    .inputs = [](const Drawing& draw) -> Tensors {
      return {draw.uniform("x", {192, 192}, 0, 1)};
    },
    .call = [](const Given& given) -> Tensors {
      const at::Tensor x = given["x"].add(given["x"].t()).add(at::eye(192, given["x"].options()).mul(400));
      return {{"out", at::linalg_cholesky(x)}};
    },
    .gradients = "x",
};

}  // namespace reprise::probes
