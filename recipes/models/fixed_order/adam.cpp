// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/adam.h"

#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/operator_call.h"

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

void make_move(const at::Tensor& parameter, const at::Tensor& gradient, const at::Tensor& average,
               const at::Tensor& square, std::int64_t step, double rate, double beta1, double beta2,
               double epsilon) {
  const Factors f = factors_of({rate, beta1, beta2, epsilon}, static_cast<double>(step));
  const at::Tensor in_order = gradient.contiguous();
  const float* g = in_order.const_data_ptr<float>();
  auto *p = parameter.mutable_data_ptr<float>(), *m = average.mutable_data_ptr<float>(),
       *v = square.mutable_data_ptr<float>();
  over_outputs(
      parameter.numel(), [=](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t i = from; i < to; ++i) {
          m[i] = std::fma(f.rest1, g[i], m[i] * f.beta1);
          v[i] = v[i] * f.beta2 + g[i] * g[i] * f.rest2;
          p[i] += m[i] / (std::sqrt(v[i]) / f.correction + f.epsilon) * f.move;
        }
      });
}

TORCH_LIBRARY_FRAGMENT(fixed_order, library) {
  library.def(
      "adam_(Tensor(a!) parameter, Tensor gradient, Tensor(b!) average, Tensor(c!) square, int step, float "
      "rate, "
      "float beta1, float beta2, float epsilon) -> ()",
      &Unseen<&make_move>::call);
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
  static const auto call = registered("fixed_order::adam_", make_move);
  ++*done;
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    call.call(parameters_[i].tensor, gradients[i].tensor, state_[1 + 2 * i].tensor, state_[2 + 2 * i].tensor,
              *done, constants_.rate, constants_.beta1, constants_.beta2, constants_.epsilon);
}

}  // namespace reprise::fixed_order
