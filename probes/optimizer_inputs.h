// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the probes of optimizers share: two parameters, their gradients and Adam's moments.
#include <ATen/core/Tensor.h>

#include <vector>

#include "probes/probe.h"

namespace reprise {

Tensors optimizer_inputs(const Drawing& drawing);

// Copies, since an optimizer writes into what it is given.
struct OptimizerInputs {
  std::vector<at::Tensor> parameters, gradients, means, squares;
  explicit OptimizerInputs(const Given& given);
  // Parameters and moments as they are now.
  Tensors results() const;
};

}  // namespace reprise
