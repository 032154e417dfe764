// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tensors with names, and all of them that decide how a training goes on: what the digests of a step are made
// of.
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace reprise {

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};
using Tensors = std::vector<NamedTensor>;

// Everything that decides the next step, and what this step saw. Tensors are the live ones, not copies.
struct State {
  Tensors batch;      // the inputs of the step just done; empty before the first
  Tensors gradients;  // of the step just done; empty before the first
  Tensors weights;    // parameters and buffers
  Tensors optimizer;  // its state, by parameter: "fc1.weight/exp_avg"
};

}  // namespace reprise
