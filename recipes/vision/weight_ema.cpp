// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/weight_ema.h"

#include <ATen/TensorOperators.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

WeightEma::WeightEma(const Tensors& weights, double limit) : weights_(weights), limit_(limit) {
  if (!(limit >= 0) || !(limit < 1)) fail("wanted ema_decay of 0 or more and below 1, found {}", limit);
  for (const auto& one : weights) {
    const at::Tensor own = one.tensor.detach();
    const bool narrow = own.element_size() < 4;
    shadows_.push_back(narrow ? own.to(at::kFloat) : own.clone());
  }
}

double WeightEma::decay(double limit, std::int64_t update) {
  const auto n = static_cast<double>(update);
  return std::min(limit, (1 + n) / (10 + n));
}

void WeightEma::update(std::int64_t n) {
  const Scope scope("ema");
  const double share = 1 - decay(limit_, n);
  for (std::size_t i = 0; i < shadows_.size(); ++i) {
    const at::Tensor weight = weights_[i].tensor.detach().to(shadows_[i].scalar_type());
    shadows_[i].sub_(share * (shadows_[i] - weight));
  }
}

Tensors WeightEma::shadows() const {
  Tensors named;
  for (std::size_t i = 0; i < shadows_.size(); ++i) named.push_back({"ema." + weights_[i].name, shadows_[i]});
  return named;
}

WeightEma::Swap::Swap(const WeightEma& average) : average_(average) {
  for (std::size_t i = 0; i < average.shadows_.size(); ++i) {
    const at::Tensor weight = average.weights_[i].tensor.detach();
    own_.push_back(weight.clone());
    weight.copy_(average.shadows_[i]);
  }
}

WeightEma::Swap::~Swap() {
  for (std::size_t i = 0; i < own_.size(); ++i) average_.weights_[i].tensor.detach().copy_(own_[i]);
}

}  // namespace reprise
