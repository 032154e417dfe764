// SPDX-License-Identifier: Apache-2.0
#pragma once
// LibTorch's Adam and AdamW (torch::optim), with their state by parameter name. The slow headers stay in
// adam.cpp.
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

struct AdamChoices {
  double rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-8;
  // Above zero: AdamW, which decays the parameters of two and more dimensions only.
  double weight_decay = 0;
};

class Adam {
 public:
  Adam(const Tensors& parameters, const AdamChoices& choices);
  ~Adam();
  Adam(const Adam&) = delete;
  Adam& operator=(const Adam&) = delete;

  void set_rate(double rate);
  void clear_gradients();
  void step();
  // "rate", and from the first step on "NAME/step", "NAME/exp_avg", "NAME/exp_avg_sq" in the order of the
  // parameters.
  Tensors state() const;
  // Takes over what state() gave, in a process that has made no step yet.
  void restore(const Tensors& saved);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reprise
