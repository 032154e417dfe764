// SPDX-License-Identifier: Apache-2.0
// The steps of torch.nn.utils.clip_grad_norm_: one long sum of squares decides about every gradient.
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>

#include "probes/optimizer_inputs.h"
#include "probes/probe.h"

namespace reprise::probes {

extern const Probe clip_grad_norm{
    .summary = "gradients scaled to a norm of at most 1",
    .family = Family::optimizer,
    .inputs = optimizer_inputs,
    .call = [](const Given& given) -> Tensors {
      const OptimizerInputs in(given);
      const at::Tensor norm = at::linalg_vector_norm(at::stack(at::_foreach_norm(in.gradients, 2)));
      const at::Tensor scale = at::clamp(norm.add(1e-6).reciprocal(), std::nullopt, 1.0);
      at::_foreach_mul_(in.gradients, scale);
      return {{"norm", norm}, {"gradient 1", in.gradients[0]}, {"gradient 2", in.gradients[1]}};
    },
};

}  // namespace reprise::probes
