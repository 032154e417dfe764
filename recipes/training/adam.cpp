// SPDX-License-Identifier: Apache-2.0
#include "recipes/training/adam.h"

#include <ATen/ops/scalar_tensor.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>

#include "harness/record/operators/op_tracer.h"

namespace reprise {

struct Adam::Impl {
  Tensors parameters;
  double rate;
  bool decoupled;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
};

namespace {

using Groups = std::vector<torch::optim::OptimizerParamGroup>;

std::vector<at::Tensor> tensors_of(const Tensors& named) {
  std::vector<at::Tensor> tensors;
  for (const auto& one : named) tensors.push_back(one.tensor);
  return tensors;
}

template <class Options>
Options options_of(const AdamChoices& choices, double weight_decay) {
  return Options(choices.rate)
      .betas({choices.beta1, choices.beta2})
      .eps(choices.epsilon)
      .weight_decay(weight_decay);
}

std::unique_ptr<torch::optim::Optimizer> plain(const Tensors& parameters, const AdamChoices& choices) {
  return std::make_unique<torch::optim::Adam>(tensors_of(parameters),
                                              options_of<torch::optim::AdamOptions>(choices, 0));
}

std::unique_ptr<torch::optim::Optimizer> decoupled(const Tensors& parameters, const AdamChoices& choices) {
  using Options = torch::optim::AdamWOptions;
  Groups groups;
  for (const bool decays : {true, false}) {
    std::vector<at::Tensor> members;
    for (const auto& one : parameters)
      if ((one.tensor.dim() >= 2) == decays) members.push_back(one.tensor);
    const Options options = options_of<Options>(choices, decays ? choices.weight_decay : 0);
    if (!members.empty()) groups.emplace_back(members, std::make_unique<Options>(options));
  }
  return std::make_unique<torch::optim::AdamW>(groups, options_of<Options>(choices, choices.weight_decay));
}

template <class ParamState>
void add_state(Tensors& state, const std::string& name, const torch::optim::OptimizerParamState& kept) {
  const auto& own = static_cast<const ParamState&>(kept);
  state.push_back({name + "/step", at::scalar_tensor(own.step(), at::kLong)});
  state.push_back({name + "/exp_avg", own.exp_avg()});
  state.push_back({name + "/exp_avg_sq", own.exp_avg_sq()});
}

}  // namespace

Adam::Adam(const Tensors& parameters, const AdamChoices& choices)
    : impl_(std::make_unique<Impl>(Impl{parameters, choices.rate, choices.weight_decay > 0, nullptr})) {
  impl_->optimizer = impl_->decoupled ? decoupled(parameters, choices) : plain(parameters, choices);
}

Adam::~Adam() = default;

void Adam::set_rate(double rate) {
  impl_->rate = rate;
  for (auto& group : impl_->optimizer->param_groups()) group.options().set_lr(rate);
}

void Adam::clear_gradients() { impl_->optimizer->zero_grad(); }

void Adam::step() {
  const Scope scope(impl_->decoupled ? "Optimizer.step#AdamW.step" : "Optimizer.step#Adam.step");
  impl_->optimizer->step();
}

namespace {

const at::Tensor* saved_as(const Tensors& saved, const std::string& name) {
  for (const auto& one : saved)
    if (one.name == name) return &one.tensor;
  return nullptr;
}

template <class ParamState>
std::unique_ptr<torch::optim::OptimizerParamState> restored(const at::Tensor& step, const at::Tensor& average,
                                                            const at::Tensor& square, at::Device device) {
  const auto copied = [&](const at::Tensor& saved) {
    return saved.to(saved.options().device(device), /*non_blocking=*/false, /*copy=*/true);
  };
  auto state = std::make_unique<ParamState>();
  state->step(step.item().toLong());
  state->exp_avg(copied(average));
  state->exp_avg_sq(copied(square));
  return state;
}

}  // namespace

void Adam::restore(const Tensors& saved) {
  if (const auto* rate = saved_as(saved, "rate")) set_rate(rate->item().toDouble());
  auto& kept = impl_->optimizer->state();
  for (const auto& one : impl_->parameters) {
    const auto *step = saved_as(saved, one.name + "/step"), *average = saved_as(saved, one.name + "/exp_avg"),
               *square = saved_as(saved, one.name + "/exp_avg_sq");
    if (step == nullptr || average == nullptr || square == nullptr) continue;
    const at::Device device = one.tensor.device();
    kept[one.tensor.unsafeGetTensorImpl()] =
        impl_->decoupled ? restored<torch::optim::AdamWParamState>(*step, *average, *square, device)
                         : restored<torch::optim::AdamParamState>(*step, *average, *square, device);
  }
}

Tensors Adam::state() const {
  Tensors state{{"rate", at::scalar_tensor(impl_->rate, at::kDouble)}};
  const auto& kept = impl_->optimizer->state();
  for (const auto& one : impl_->parameters) {
    const auto found = kept.find(one.tensor.unsafeGetTensorImpl());
    if (found == kept.end()) continue;
    if (impl_->decoupled)
      add_state<torch::optim::AdamWParamState>(state, one.name, *found->second);
    else
      add_state<torch::optim::AdamParamState>(state, one.name, *found->second);
  }
  return state;
}

}  // namespace reprise
