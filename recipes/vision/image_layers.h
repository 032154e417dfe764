// SPDX-License-Identifier: Apache-2.0
#pragma once
// What models of images are put together from, as latent diffusion and VQGAN have it: group norms, residual
// blocks of two convolutions, and enlarging by repetition. Images are [batch, channels, height, width].
#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

#include "recipes/models/layers.h"

namespace reprise {

// y = (x - mean) / sqrt(variance + 1e-6) * weight + bias, mean and variance (over n, not n - 1) of each group
// of neighboring channels of each image; in float32 where x is bfloat16. An Error where the groups do not
// divide the channels.
struct GroupNorm {
  at::Tensor weight, bias;  // [channels]: begin as ones and zeros
  std::int64_t groups = 1;
  GroupNorm(Parameters& made, const std::string& name, std::int64_t channels, std::int64_t groups);
  at::Tensor operator()(const at::Tensor& x) const;
};

// x + conv(silu(norm(conv(silu(norm(x)))))); where there is an embedding of the time, a linear layer of its
// silu is added between the convolutions; where the channels change, x goes through a 1 x 1 convolution.
class ResidualBlock {
 public:
  struct Shape {
    std::int64_t in, out, groups;
    std::int64_t time = 0;  // size of the embedding; 0: none
  };
  ResidualBlock(Parameters& made, const std::string& name, const Shape& shape);
  // time: [batch, shape.time], undefined without one.
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& time = {}) const;

 private:
  GroupNorm norm1_;
  Conv2d conv1_;
  std::optional<Linear> time_;
  GroupNorm norm2_;
  Conv2d conv2_;
  std::optional<Conv2d> skip_;
};

// Every pixel twice in each direction, then the first `size` rows and columns. Backward adds up four numbers
// by one sum: no place of memory is added to twice, as it is by an interpolation's.
at::Tensor enlarged(const at::Tensor& x, std::int64_t size);

// [batch, channels, height, width] -> [batch, height * width, channels], row by row, and back to a square.
at::Tensor tokens_of(const at::Tensor& image);
at::Tensor image_of(const at::Tensor& tokens);

// The mean of (a - b)^2 over all elements; one element.
at::Tensor mean_square(const at::Tensor& a, const at::Tensor& b);

}  // namespace reprise
