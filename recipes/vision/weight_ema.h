// SPDX-License-Identifier: Apache-2.0
#pragma once
// An exponential moving average of weights as CompVis/stable-diffusion keeps it (ldm/modules/ema.py): after
// the n-th update, decay = min(limit, (1 + n) / (10 + n)), shadow -= (1 - decay) (shadow - weight). In
// float32 at least, whatever the number format of the weights.
#include "harness/record/state.h"

namespace reprise {

class WeightEma {
 public:
  WeightEma() = default;  // of nothing
  // Begins as copies. An Error unless 0 <= limit < 1.
  WeightEma(const Tensors& weights, double limit);
  static double decay(double limit, std::int64_t update);  // of update n, counted from 1
  void update(std::int64_t n);                             // without gradients
  // "ema.NAME", live: what a training needs to go on.
  Tensors shadows() const;
  // Puts the average into the weights while it lives, and the weights' own bits back afterwards.
  class Swap {
   public:
    explicit Swap(const WeightEma& average);
    ~Swap();
    Swap(const Swap&) = delete;
    Swap& operator=(const Swap&) = delete;

   private:
    const WeightEma& average_;
    std::vector<at::Tensor> own_;
  };

 private:
  Tensors weights_;
  std::vector<at::Tensor> shadows_;
  double limit_ = 0;
};

}  // namespace reprise
