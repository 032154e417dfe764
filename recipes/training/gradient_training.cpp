// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/gradient_training.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/clamp_max.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

void GradientTraining::optimize(const AdamChoices& choices) {
  adam_ = std::make_unique<Adam>(parameters_.all(), choices);
}

void GradientTraining::optimize(const AdamChoices& choices, const MuonChoices& muon,
                                const std::function<bool(const NamedTensor&)>& is_muons) {
  Tensors matrices, others;
  for (const auto& one : parameters_.all()) (is_muons(one) ? matrices : others).push_back(one);
  adam_ = std::make_unique<Adam>(others, choices);
  muon_.emplace(matrices, muon);
}

// As torch.nn.utils.clip_grad_norm_: a common factor of at most 1, 1e-6 added to the length.
void GradientTraining::clip() {
  std::vector<at::Tensor> lengths;
  for (const auto& one : parameters_.all())
    if (one.tensor.grad().defined()) lengths.push_back(at::linalg_vector_norm(one.tensor.grad()));
  const at::Tensor length = at::linalg_vector_norm(at::stack(lengths));
  const at::Tensor factor = at::clamp_max(longest_gradient_ / (length + 1e-6), 1.0);
  for (const auto& one : parameters_.all())
    if (one.tensor.grad().defined()) one.tensor.grad().mul_(factor);
}

// Gradients become their means over the ranks, and so does the loss, which is given back: equal shares make
// the mean of means the mean over the whole batch.
at::Tensor GradientTraining::averaged(const at::Tensor& loss) {
  if (setup_.ranks() == 1) return loss;
  std::vector<at::Tensor> all;
  for (const auto& one : parameters_.all())
    if (one.tensor.grad().defined()) all.push_back(one.tensor.grad());
  all.push_back(loss.clone());
  setup_.average(all);
  return all.back();
}

StepResult GradientTraining::step(std::int64_t i) {
  check(adam_ != nullptr, "optimize() comes before the first step");
  if (const auto due = rate(i)) {
    adam_->set_rate(*due);
    if (muon_) muon_->set_rate(*due);
  }
  adam_->clear_gradients();
  if (muon_) muon_->clear_gradients();
  batch_.clear();
  const at::Tensor value = loss(i, batch_);
  value.backward();
  const at::NoGradGuard no_gradients;
  const at::Tensor seen = averaged(value.detach());
  if (longest_gradient_ > 0) clip();
  adam_->step();
  if (muon_) muon_->step();
  updated(i);
  StepResult result{.loss = seen, .metrics = {}};
  if (setup_.evaluates(i)) {
    const Scope scope("evaluate");
    result.metrics = evaluate();
  }
  return result;
}

void GradientTraining::restore(std::int64_t step, const State& saved) {
  Training::restore(step, State{.batch = {}, .gradients = {}, .weights = saved.weights, .optimizer = {}});
  adam_->restore(saved.optimizer);
  if (muon_) muon_->restore(saved.optimizer);
}

State GradientTraining::state() {
  State state{.batch = batch_, .gradients = {}, .weights = parameters_.all(), .optimizer = adam_->state()};
  if (muon_)
    for (const auto& one : muon_->state()) state.optimizer.push_back(one);
  for (const auto& one : parameters_.all())
    if (one.tensor.grad().defined()) state.gradients.push_back({one.name, one.tensor.grad()});
  for (const auto& one : buffers()) state.weights.push_back(one);
  return state;
}

}  // namespace reprise
