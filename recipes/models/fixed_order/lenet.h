// SPDX-License-Identifier: Apache-2.0
#pragma once
// LeNet-5 on images of [batch, 1, 28, 28] by fixed-order operators alone, forward and backward. ReLU, maximum
// pooling and their gradients only choose and copy numbers: those are LibTorch's.
#include "harness/record/state.h"

namespace reprise::fixed_order {

class Lenet {
 public:
  // The shapes of its parameters, in order, under the names of the published model: "net.0.weight", ...
  struct Shape {
    const char* name;
    std::vector<std::int64_t> extents;
  };
  static const std::vector<Shape>& shapes();

  // Ten parameters of these shapes, which are read whenever it computes.
  explicit Lenet(Tensors parameters);
  at::Tensor logits(const at::Tensor& images) const;

  struct Learned {
    at::Tensor loss;    // the mean cross-entropy, one element
    Tensors gradients;  // one for each parameter
  };
  Learned learn(const at::Tensor& images, const at::Tensor& labels) const;

 private:
  Tensors parameters_;
};

}  // namespace reprise::fixed_order
