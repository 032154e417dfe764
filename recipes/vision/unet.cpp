// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/unet.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/softmax.h>

#include <cmath>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {
namespace {

at::Tensor normed(const at::Tensor& x, const at::Tensor& weight) {
  return at::layer_norm(x, {x.size(-1)}, weight);
}

}  // namespace

ContextAttention::ContextAttention(Parameters& made, const std::string& name, std::int64_t width,
                                   std::int64_t context, std::int64_t heads)
    : heads_(heads),
      query_(made, name + ".q", width, width),
      key_(made, name + ".k", context, width),
      value_(made, name + ".v", context, width),
      out_(made, name + ".o", width, width) {
  if (heads < 1 || width % heads != 0)
    fail("wanted heads that divide the channels, found heads={} and {} channels", heads, width);
}

at::Tensor ContextAttention::operator()(const at::Tensor& x, const at::Tensor& context) const {
  const Scope scope("attn");
  const auto by_head = [&](const at::Tensor& all) {
    return all.view({all.size(0), all.size(1), heads_, -1}).transpose(1, 2);
  };
  const at::Tensor query = by_head(query_(x)), key = by_head(key_(context)), value = by_head(value_(context));
  const double scale = 1 / std::sqrt(static_cast<double>(query.size(-1)));
  const at::Tensor weights = at::softmax(at::matmul(query, key.transpose(-2, -1)) * scale, -1);
  return out_(at::matmul(weights, value).transpose(1, 2).flatten(2));
}

Unet::Level::Level(Parameters& made, const std::string& name, const UnetShape& shape, std::int64_t from,
                   std::int64_t to)
    : block(made, name + ".block", {.in = from, .out = to, .groups = shape.groups, .time = shape.time}),
      norm(made, name + ".norm", to, shape.groups),
      in(made, name + ".in", to, to),
      norm_self(made.constant(name + ".norm_self.weight", {to}, 1)),
      norm_text(made.constant(name + ".norm_text.weight", {to}, 1)),
      norm_mlp(made.constant(name + ".norm_mlp.weight", {to}, 1)),
      self(made, name + ".self", to, to, shape.heads),
      text(made, name + ".text", to, shape.context, shape.heads),
      widen(made, name + ".widen", to, 4 * to),
      shrink(made, name + ".shrink", 2 * to, to),
      out(made, name + ".out", to, to) {}

at::Tensor Unet::Level::operator()(const at::Tensor& image, const at::Tensor& time,
                                   const at::Tensor& words) const {
  const at::Tensor x = block(image, time);
  at::Tensor y = in(tokens_of(norm(x)));
  const at::Tensor own = normed(y, norm_self);
  y = y + self(own, own);
  y = y + text(normed(y, norm_text), words);
  const auto halves = widen(normed(y, norm_mlp)).chunk(2, -1);  // GEGLU
  y = y + shrink(halves[0] * at::gelu(halves[1]));
  return x + image_of(out(y));
}

Unet::Unet(Parameters& made, const std::string& name, const UnetShape& shape)
    : time1_(made, name + ".time1", shape.channels, shape.time),
      time2_(made, name + ".time2", shape.time, shape.time),
      in_(made, name + ".in", {.in = shape.latents, .out = shape.channels, .kernel = 3, .padding = 1}),
      down1_(made, name + ".down1", shape, shape.channels, shape.channels),
      halve_(made, name + ".halve",
             {.in = shape.channels, .out = shape.channels, .kernel = 3, .stride = 2, .padding = 1}),
      down2_(made, name + ".down2", shape, shape.channels, 2 * shape.channels),
      middle_(made, name + ".middle", shape, 2 * shape.channels, 2 * shape.channels),
      deepest_(
          made, name + ".deepest",
          {.in = 2 * shape.channels, .out = 2 * shape.channels, .groups = shape.groups, .time = shape.time}),
      up2_(made, name + ".up2", shape, 4 * shape.channels, 2 * shape.channels),
      enlarge_(made, name + ".enlarge",
               {.in = 2 * shape.channels, .out = 2 * shape.channels, .kernel = 3, .padding = 1}),
      up1_(made, name + ".up1", shape, 3 * shape.channels, shape.channels),
      norm_(made, name + ".norm", shape.channels, shape.groups),
      out_(made, name + ".out", {.in = shape.channels, .out = shape.latents, .kernel = 3, .padding = 1}) {}

at::Tensor Unet::operator()(const at::Tensor& z, const at::Tensor& table_row, const at::Tensor& text) const {
  const Scope scope("unet");
  const at::Tensor time = time2_(at::silu(time1_(table_row)));
  const at::Tensor wide = down1_(in_(z), time, text);
  const at::Tensor deep = down2_(halve_(wide), time, text);
  at::Tensor x = deepest_(middle_(deep, time, text), time);
  x = up2_(at::cat({x, deep}, 1), time, text);
  x = enlarge_(enlarged(x, wide.size(2)));
  x = up1_(at::cat({x, wide}, 1), time, text);
  return out_(at::silu(norm_(x)));
}

}  // namespace reprise
