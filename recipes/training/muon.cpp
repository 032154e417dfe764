// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/muon.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

at::Tensor newton_schulz(const at::Tensor& m, std::int64_t iterations) {
  constexpr double a = 3.4445, b = -4.7750, c = 2.0315;
  const at::Tensor whole = m.to(at::kFloat);
  const bool tall = m.size(0) > m.size(1);  // the smaller of the two products then
  at::Tensor x = (tall ? whole.t() : whole) / (at::linalg_vector_norm(whole) + 1e-7);
  for (std::int64_t i = 0; i < iterations; ++i) {
    const at::Tensor square = at::matmul(x, x.t());
    x = a * x + at::matmul(b * square + c * at::matmul(square, square), x);
  }
  return tall ? x.t() : x;
}

Muon::Muon(Tensors matrices, const MuonChoices& choices) : matrices_(std::move(matrices)), choices_(choices) {
  if (choices.iterations < 1)
    fail("wanted Newton-Schulz iterations of 1 or more, found {}", choices.iterations);
  for (const auto& one : matrices_) {
    check(one.tensor.dim() == 2, "Muon updates matrices alone");
    momenta_.push_back(
        {one.name + "/momentum", at::zeros(one.tensor.sizes(), one.tensor.options().dtype(at::kFloat))});
  }
}

void Muon::clear_gradients() {
  for (const auto& one : matrices_) one.tensor.mutable_grad().reset();
}

void Muon::step() {
  const Scope scope("Optimizer.step#Muon.step");
  for (std::size_t i = 0; i < matrices_.size(); ++i) {
    const at::Tensor &weight = matrices_[i].tensor, &momentum = momenta_[i].tensor;
    if (!weight.grad().defined()) continue;
    momentum.mul_(choices_.momentum).add_(weight.grad());
    const double longer = static_cast<double>(std::max(weight.size(0), weight.size(1)));
    const at::Tensor update = newton_schulz(momentum, choices_.iterations) * (std::sqrt(longer) * 0.2);
    weight.add_(update + choices_.weight_decay * weight, -choices_.rate);
  }
}

void Muon::restore(const Tensors& saved) {
  for (const auto& own : momenta_)
    for (const auto& one : saved)
      if (one.name == own.name) own.tensor.copy_(one.tensor);
}

}  // namespace reprise
