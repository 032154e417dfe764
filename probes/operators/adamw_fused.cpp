// SPDX-License-Identifier: Apache-2.0
// One kernel for all parameters; sums stay within one number, so that only vectors and threads' ends differ.
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>

#include "probes/optimizer_inputs.h"
#include "probes/probe.h"

namespace reprise::probes {

extern const Probe adamw_fused{
    .summary = "a step of AdamW by the fused kernel",
    .family = Family::optimizer,
    .inputs = optimizer_inputs,
    .call = [](const Given& given) -> Tensors {
      const OptimizerInputs in(given);
      const at::Tensor step = at::full({}, 3, in.parameters[0].options().dtype(at::kFloat));
      at::_fused_adamw_(in.parameters, in.gradients, in.means, in.squares, {}, {step, step.clone()}, 1e-3,
                        0.9, 0.999, 0.01, 1e-8, false, false);
      return in.results();
    },
};

}  // namespace reprise::probes
