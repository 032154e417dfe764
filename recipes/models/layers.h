// SPDX-License-Identifier: Apache-2.0
#pragma once
// The layers that the recipes use, with the initial distributions of torch.nn: weights and biases uniform
// within 1/sqrt(fan-in), for a GRU within 1/sqrt(hidden). Make each layer in a statement of its own: they
// take draws in turn.
#include <ATen/core/Tensor.h>

#include <string>

#include "recipes/models/parameters.h"

namespace reprise {

struct Linear {
  at::Tensor weight, bias;
  Linear(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out);
  at::Tensor operator()(const at::Tensor& x) const;
};

struct Conv1d {
  struct Shape {
    std::int64_t in, out, kernel, stride, padding;
  };
  at::Tensor weight, bias;
  std::int64_t stride, padding;
  Conv1d(Parameters& made, const std::string& name, const Shape& shape);
  at::Tensor operator()(const at::Tensor& x) const;
};

struct Conv2d {
  at::Tensor weight, bias;
  std::int64_t padding;
  Conv2d(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
         std::int64_t padding);
  at::Tensor operator()(const at::Tensor& x) const;
};

// One layer, both directions; x is [batch, time, in], the result [batch, time, 2 * hidden]. Starts from
// zeros.
struct Gru {
  std::vector<at::Tensor> weights;
  std::int64_t hidden;
  Gru(Parameters& made, const std::string& name, std::int64_t in, std::int64_t hidden);
  at::Tensor operator()(const at::Tensor& x) const;
};

}  // namespace reprise
