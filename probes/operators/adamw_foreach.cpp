// SPDX-License-Identifier: Apache-2.0
// The steps of torch.optim.AdamW(foreach=True), which hands each of them to all parameters at once.
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>

#include "probes/optimizer_inputs.h"
#include "probes/probe.h"

namespace reprise::probes {

extern const Probe adamw_foreach{
    .summary = "a step of AdamW by operators on lists of parameters",
    .family = Family::optimizer,
    .inputs = optimizer_inputs,
    .call = [](const Given& given) -> Tensors {
      const OptimizerInputs in(given);
      at::_foreach_mul_(in.parameters, 1 - 1e-3 * 0.01);
      at::_foreach_lerp_(in.means, in.gradients, 1 - 0.9);
      at::_foreach_mul_(in.squares, 0.999);
      at::_foreach_addcmul_(in.squares, in.gradients, in.gradients, 1 - 0.999);
      auto roots = at::_foreach_sqrt(in.squares);
      at::_foreach_div_(roots, 0.0547448);  // the square root of 1 - 0.999^3, rounded
      at::_foreach_add_(roots, 1e-8);
      at::_foreach_addcdiv_(in.parameters, in.means, roots, -1e-3 / 0.271);  // 1 - 0.9^3
      return in.results();
    },
};

}  // namespace reprise::probes
