// SPDX-License-Identifier: Apache-2.0
#pragma once
// The average of the weights at the last few of evenly spaced steps (OpenELM averages its last five
// checkpoints). Added up in double, in the order of the steps, so that the sum has one value.
#include "harness/record/training/program.h"

namespace reprise {

class WeightAverage {
 public:
  WeightAverage() = default;  // of nothing
  // Of the weights after steps `steps`, steps - spacing, ..., `count` of them or as many as there are.
  WeightAverage(const Tensors& weights, std::int64_t steps, std::int64_t count, std::int64_t spacing);

  bool takes(std::int64_t step) const;
  void take(std::int64_t step);  // after that step's update
  // Whether every snapshot is in at the end of `step`.
  bool complete(std::int64_t step) const { return count_ > 0 && step == steps_; }
  // The sums, live, as "average/NAME": what a training needs to go on.
  Tensors sums() const;
  // Puts the average into the weights while it lives, and the weights' own bits back afterwards.
  class Swap {
   public:
    explicit Swap(const WeightAverage& average);
    ~Swap();
    Swap(const Swap&) = delete;
    Swap& operator=(const Swap&) = delete;

   private:
    const WeightAverage& average_;
    std::vector<at::Tensor> own_;
  };

 private:
  Tensors weights_;
  std::vector<at::Tensor> sums_;
  std::int64_t steps_ = 0, count_ = 0, spacing_ = 1;
};

}  // namespace reprise
