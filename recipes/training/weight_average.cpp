// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/weight_average.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace reprise {

WeightAverage::WeightAverage(const Tensors& weights, std::int64_t steps, std::int64_t count,
                             std::int64_t spacing)
    : weights_(weights), steps_(steps), spacing_(std::max<std::int64_t>(1, spacing)) {
  count_ = std::min(count, (steps - 1) / spacing_ + 1);
  if (count_ < 1) return;
  for (const auto& one : weights)
    sums_.push_back(at::zeros(one.tensor.sizes(), one.tensor.options().dtype(at::kDouble)));
}

bool WeightAverage::takes(std::int64_t step) const {
  const std::int64_t before = steps_ - step;
  return count_ > 0 && before >= 0 && before % spacing_ == 0 && before / spacing_ < count_;
}

void WeightAverage::take(std::int64_t step) {
  if (!takes(step)) return;
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i].add_(weights_[i].tensor.detach().to(at::kDouble));
}

Tensors WeightAverage::sums() const {
  Tensors named;
  for (std::size_t i = 0; i < sums_.size(); ++i) named.push_back({"average/" + weights_[i].name, sums_[i]});
  return named;
}

WeightAverage::Swap::Swap(const WeightAverage& average) : average_(average) {
  for (std::size_t i = 0; i < average.sums_.size(); ++i) {
    const at::Tensor& weight = average.weights_[i].tensor;
    own_.push_back(weight.detach().clone());
    weight.detach().copy_(average.sums_[i] / static_cast<double>(average.count_));
  }
}

WeightAverage::Swap::~Swap() {
  for (std::size_t i = 0; i < own_.size(); ++i) average_.weights_[i].tensor.detach().copy_(own_[i]);
}

}  // namespace reprise
