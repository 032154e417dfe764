// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/objectives.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/minimum.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {

std::vector<double> group_advantages(std::span<const double> rewards, std::size_t size) {
  check(size > 0 && rewards.size() % size == 0, "rewards come in whole groups");
  std::vector<double> advantages;
  for (std::size_t first = 0; first < rewards.size(); first += size) {
    const auto group = rewards.subspan(first, size);
    double mean = 0, square = 0;
    for (const double one : group) mean += one / static_cast<double>(size);
    for (const double one : group) square += (one - mean) * (one - mean) / static_cast<double>(size);
    // Equal rewards may leave a rounding of the mean.
    bool equal = true;
    for (const double one : group) equal = equal && one == group.front();
    for (const double one : group) advantages.push_back(equal ? 0 : (one - mean) / std::sqrt(square));
  }
  return advantages;
}

at::Tensor grpo_loss(const PolicyBatch& batch, double epsilon, double beta) {
  const at::Tensor ratio = at::exp(batch.now - batch.old), advantage = batch.advantage.unsqueeze(1);
  const at::Tensor gain =
      at::minimum(ratio * advantage, at::clamp(ratio, 1 - epsilon, 1 + epsilon) * advantage);
  const at::Tensor away = batch.reference - batch.now;
  const at::Tensor each = (gain - beta * (at::exp(away) - away - 1)) * batch.mask;
  return -(each.sum(1) / batch.mask.sum(1)).mean();
}

at::Tensor squared_loss(const PolicyBatch& batch, double tau) {
  const at::Tensor whole = (batch.now * batch.mask).sum(1), moved = whole - (batch.old * batch.mask).sum(1);
  return -(whole * batch.advantage - tau / 2 * moved * moved).mean();
}

}  // namespace reprise
