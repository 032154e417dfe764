// SPDX-License-Identifier: Apache-2.0
#pragma once
// The least that trains: one weight that follows the mean of the batch. At step 3 it calls `meddle`.
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>

#include <functional>
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

class TinyTraining : public Training {
 public:
  TinyTraining(const Setup& setup, std::function<void()> meddle) : setup_(setup), meddle_(std::move(meddle)) {
    x_ = at::arange(setup.plan().samples, at::kFloat);
    setup.show_data({{"x", x_}}, x_.size(0));
    weight_ = at::zeros({1}, at::kFloat);
  }

  StepResult step(std::int64_t i) override {
    if (i == 3) meddle_();
    batch_ = x_.index_select(0, setup_.batch(i)).to(at::kFloat);
    gradient_ = weight_ - batch_.mean();
    weight_.sub_(gradient_, 0.1);
    return {gradient_.square().mean(), {}};
  }

  State state() override {
    State state;
    state.weights = {{"weight", weight_}};
    if (batch_.defined()) state.batch = {{"x", batch_}};
    if (gradient_.defined()) state.gradients = {{"weight", gradient_}};
    return state;
  }

 private:
  const Setup& setup_;
  std::function<void()> meddle_;
  at::Tensor x_, weight_, batch_, gradient_;
};

inline std::unique_ptr<Training> tiny(const Setup& setup, std::function<void()> meddle) {
  return std::make_unique<TinyTraining>(setup, std::move(meddle));
}

}  // namespace reprise
