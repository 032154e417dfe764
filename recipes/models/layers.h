// SPDX-License-Identifier: Apache-2.0
#pragma once
// The layers that the recipes use, with the initial distributions of torch.nn: weights and biases uniform
// within 1/sqrt(fan-in), for a GRU within 1/sqrt(hidden). Make each layer in a statement of its own: they
// take draws in turn.
#include <ATen/core/Tensor.h>

#include <string>

#include "recipes/models/parameters.h"

namespace reprise {

// x: [..., in] -> [..., out]. weight: [out, in], bias: [out].
struct Linear {
  at::Tensor weight, bias;
  Linear(Parameters& made, const std::string& name, std::int64_t in, std::int64_t out);
  at::Tensor operator()(const at::Tensor& x) const;
};

// Channels in and out; the others in samples, the same in each direction.
struct ConvShape {
  std::int64_t in, out, kernel, stride = 1, padding = 0;
};

// x: [batch, in, length] -> [batch, out, (length + 2 * padding - kernel) / stride + 1].
// weight: [out, in, kernel], bias: [out].
struct Conv1d {
  at::Tensor weight, bias;
  std::int64_t stride, padding;
  Conv1d(Parameters& made, const std::string& name, const ConvShape& shape);
  at::Tensor operator()(const at::Tensor& x) const;
};

// x: [batch, in, height, width] -> [batch, out, ...], each direction as in Conv1d.
// weight: [out, in, kernel, kernel], bias: [out].
struct Conv2d {
  at::Tensor weight, bias;
  std::int64_t stride, padding;
  Conv2d(Parameters& made, const std::string& name, const ConvShape& shape);
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
