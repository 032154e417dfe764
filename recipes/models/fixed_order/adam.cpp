// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/adam.h"

#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"

namespace reprise::fixed_order {
namespace {

// The constants of one step, as the elements see them.
struct Factors {
  float beta1, rest1, beta2, rest2, correction, epsilon, move;
};

Factors factors_of(const AdamConstants& c, double step) {
  const double correction1 = 1 - std::pow(c.beta1, step), correction2 = 1 - std::pow(c.beta2, step);
  return {.beta1 = static_cast<float>(c.beta1),
          .rest1 = static_cast<float>(1 - c.beta1),
          .beta2 = static_cast<float>(c.beta2),
          .rest2 = static_cast<float>(1 - c.beta2),
          .correction = static_cast<float>(std::sqrt(correction2)),
          .epsilon = static_cast<float>(c.epsilon),
          .move = static_cast<float>(-(c.rate / correction1))};
}

struct Moved {
  const at::Tensor &parameter, &gradient, &average, &square;
};

void move(const Moved& one, const Factors& factors) {
  const at::Tensor gradient = one.gradient.contiguous();
  const float* g = gradient.const_data_ptr<float>();
  auto *p = one.parameter.mutable_data_ptr<float>(), *m = one.average.mutable_data_ptr<float>(),
       *v = one.square.mutable_data_ptr<float>();
  const Factors f = factors;
  over_outputs(
      one.parameter.numel(), [=](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t i = from; i < to; ++i) {
          m[i] = std::fma(f.rest1, g[i], m[i] * f.beta1);
          v[i] = v[i] * f.beta2 + g[i] * g[i] * f.rest2;
          p[i] += m[i] / (std::sqrt(v[i]) / f.correction + f.epsilon) * f.move;
        }
      });
}

}  // namespace

Adam::Adam(const Tensors& parameters, const AdamConstants& constants)
    : parameters_(parameters), constants_(constants) {
  state_.push_back({"step", at::zeros({}, at::kLong)});
  for (const auto& one : parameters_) {
    check_operands("Adam", one.tensor.dim(), {one.tensor});
    check(one.tensor.is_contiguous(), "a parameter of Adam is contiguous");
    state_.push_back({one.name + "/exp_avg", at::zeros_like(one.tensor)});
    state_.push_back({one.name + "/exp_avg_sq", at::zeros_like(one.tensor)});
  }
}

void Adam::step(const Tensors& gradients) {
  check(gradients.size() == parameters_.size(), "Adam takes one gradient for each parameter");
  auto* done = state_[0].tensor.mutable_data_ptr<std::int64_t>();
  const Factors factors = factors_of(constants_, static_cast<double>(++*done));
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    move({parameters_[i].tensor, gradients[i].tensor, state_[1 + 2 * i].tensor, state_[2 + 2 * i].tensor},
         factors);
}

}  // namespace reprise::fixed_order
