// SPDX-License-Identifier: Apache-2.0
#pragma once
// Adam whose bits are defined: per element, in float32,
//   m = m * b1;  m = fma(1 - b1, g, m)
//   v = v * b2;  v = v + (g * g) * (1 - b2)             each product and sum rounded
//   p = p + (m / (sqrt(v) / sqrt(1 - b2^t) + eps)) * -(rate / (1 - b1^t))
// The constants and the corrections of bias are float64, rounded once.
#include "harness/record/state.h"

namespace reprise::fixed_order {

struct AdamConstants {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

class Adam {
 public:
  // `parameters` are the live tensors: float32 on the CPU, contiguous.
  Adam(const Tensors& parameters, const AdamConstants& constants);
  // `gradients`: one for each parameter, in the same order.
  void step(const Tensors& gradients);
  // "step", then "NAME/exp_avg" and "NAME/exp_avg_sq" in the order of the parameters: the live tensors.
  const Tensors& state() const { return state_; }

 private:
  Tensors parameters_, state_;
  AdamConstants constants_;
};

}  // namespace reprise::fixed_order
