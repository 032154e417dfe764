// SPDX-License-Identifier: Apache-2.0
#pragma once
// The samples of some steps, made at once by the policy as it was, with all that decides the steps to come:
// live tensors of fixed shapes, so that they are digested, kept and restored with the weights.
#include <span>
#include <vector>

#include "harness/record/state.h"
#include "recipes/reasoning/arithmetic.h"
#include "recipes/reasoning/rewards.h"

namespace reprise {

struct Rollout {
  at::Tensor sequences;  // [inner * rows, prompt_length + completion_length], I64
  at::Tensor old;        // [inner * rows, completion_length], float32: log-probabilities when sampled
  at::Tensor reward;     // [inner * rows], float64
  Rollout() = default;
  // `rows` of one step: prompts times completions of each.
  Rollout(std::int64_t inner, std::int64_t rows, at::Device device);
  Tensors tensors() const;
};

// The rewards of completions (token by token, as sampled) of tasks, `group` of them for each task: the sum of
// what is asked for.
std::vector<double> rewards_of(const at::Tensor& sequences, std::span<const Arithmetic> tasks,
                               std::int64_t group, std::span<const Reward> asked);
// Which completions give the right answer.
std::vector<bool> right_answers(const at::Tensor& sequences, std::span<const Arithmetic> tasks,
                                std::int64_t group);

// Prompts of tasks, each `group` times: [tasks * group, prompt_length], on the CPU.
at::Tensor prompts_of(std::span<const Arithmetic> tasks, std::int64_t group);
// Prompts with perfect completions: [tasks, prompt_length + completion_length], on the CPU.
at::Tensor perfect_sequences(std::span<const Arithmetic> tasks);

// Kimi k1.5's prioritized sampling: a task is drawn in proportion to 1 - its success rate. Counts are whole
// numbers, so that nothing depends on an order of sums but the last one, which is in order. `share`: in [0,
// 1).
std::size_t prioritized(std::span<const std::int64_t> successes, std::span<const std::int64_t> trials,
                        double share);

}  // namespace reprise
