// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a policy is trained for on sampled completions. Log-probabilities are by token, [rows, tokens]; rows
// of one prompt follow one another.
#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace reprise {

// (reward - mean) / SD within each group of `size`, the SD over all of the group (ddof 0); 0 where all
// rewards of the group are equal.
std::vector<double> group_advantages(std::span<const double> rewards, std::size_t size);

struct PolicyBatch {
  at::Tensor now, old;   // of the policy trained (with gradients) and of the one that sampled
  at::Tensor reference;  // of the reference policy
  at::Tensor mask;       // 1 where a token counts
  at::Tensor advantage;  // [rows]
};

// GRPO (DeepSeekMath, arXiv 2402.03300, by token; Nature, s41586-025-09422-z): minus the mean over rows of
// the mean over tokens of min(r A, clip(r, 1 - epsilon, 1 + epsilon) A) - beta (p_ref/p - log(p_ref/p) - 1),
// r = p / p_old.
at::Tensor grpo_loss(const PolicyBatch& batch, double epsilon, double beta);

// Kimi k1.5 (arXiv 2501.12599): minus the mean over rows of log p(y) (reward - mean reward of the prompt) -
// tau/2 (log p(y)/p_old(y))^2, of whole completions. `advantage`: the reward less the mean. The reference is
// not used.
at::Tensor squared_loss(const PolicyBatch& batch, double tau);

}  // namespace reprise
