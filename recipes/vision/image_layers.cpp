// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/image_layers.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/silu.h>

#include <cmath>

#include "harness/base/error.h"

namespace reprise {

GroupNorm::GroupNorm(Parameters& made, const std::string& name, std::int64_t channels, std::int64_t parts)
    : groups(parts) {
  if (parts < 1 || channels % parts != 0)
    fail("wanted groups that divide the channels of a norm, found groups={} and {} channels", parts,
         channels);
  weight = made.constant(name + ".weight", {channels}, 1);
  bias = made.constant(name + ".bias", {channels}, 0);
}

at::Tensor GroupNorm::operator()(const at::Tensor& x) const {
  const at::Tensor wide = x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x;
  const at::Tensor parts = wide.reshape({x.size(0), groups, -1});
  const at::Tensor centered = parts - parts.mean(-1, /*keepdim=*/true);
  const at::Tensor scale = (centered.square().mean(-1, /*keepdim=*/true) + 1e-6).rsqrt();
  const at::Tensor normed = (centered * scale).reshape(x.sizes()).to(x.scalar_type());
  return normed * weight.view({1, -1, 1, 1}) + bias.view({1, -1, 1, 1});
}

ResidualBlock::ResidualBlock(Parameters& made, const std::string& name, const Shape& shape)
    : norm1_(made, name + ".norm1", shape.in, shape.groups),
      conv1_(made, name + ".conv1", {.in = shape.in, .out = shape.out, .kernel = 3, .padding = 1}),
      time_(shape.time > 0 ? std::optional<Linear>(std::in_place, made, name + ".time", shape.time, shape.out)
                           : std::nullopt),
      norm2_(made, name + ".norm2", shape.out, shape.groups),
      conv2_(made, name + ".conv2", {.in = shape.out, .out = shape.out, .kernel = 3, .padding = 1}) {
  if (shape.in != shape.out)
    skip_.emplace(made, name + ".skip", ConvShape{.in = shape.in, .out = shape.out, .kernel = 1});
}

at::Tensor ResidualBlock::operator()(const at::Tensor& x, const at::Tensor& time) const {
  check(time.defined() == time_.has_value(), "a block is told the time if it was made with one");
  at::Tensor y = conv1_(at::silu(norm1_(x)));
  if (time_) y = y + (*time_)(at::silu(time)).unsqueeze(-1).unsqueeze(-1);
  y = conv2_(at::silu(norm2_(y)));
  return (skip_ ? (*skip_)(x) : x) + y;
}

at::Tensor enlarged(const at::Tensor& x, std::int64_t size) {
  const std::int64_t height = x.size(2), width = x.size(3);
  const at::Tensor twice =
      x.unsqueeze(3).unsqueeze(5).expand({-1, -1, height, 2, width, 2}).flatten(4, 5).flatten(2, 3);
  return twice.narrow(2, 0, size).narrow(3, 0, size);
}

at::Tensor tokens_of(const at::Tensor& image) { return image.flatten(2).transpose(1, 2); }

at::Tensor image_of(const at::Tensor& tokens) {
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(tokens.size(1)))));
  check(side * side == tokens.size(1), "the tokens of an image make a square");
  return tokens.transpose(1, 2).reshape({tokens.size(0), tokens.size(2), side, side});
}

at::Tensor mean_square(const at::Tensor& a, const at::Tensor& b) { return (a - b).square().mean(); }

}  // namespace reprise
