// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/sequence_model.h"

#include <ATen/TensorOperators.h>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"
#include "recipes/models/grouped_attention.h"

namespace reprise {
namespace {

constexpr double deviation = 0.02, epsilon = 1e-6;

std::int64_t head_of(const SequenceShape& shape) {
  if (shape.layers < 1) fail("wanted layers of 1 or more, found {}", shape.layers);
  if (shape.heads < 1 || shape.width % shape.heads != 0)
    fail("wanted a width that the heads share evenly, found width={} and heads={}", shape.width, shape.heads);
  return shape.width / shape.heads;
}

}  // namespace

SequenceModel::SequenceModel(Parameters& made, const Setup& setup, const std::string& prefix,
                             const SequenceShape& shape)
    : rotary_(setup, head_of(shape), shape.length, 10000) {
  for (std::int64_t i = 0; i < shape.layers; ++i) {
    const std::string name = prefix + "." + std::to_string(i);
    Layer layer;
    layer.name = name;
    layer.norm1 = RmsNorm(made, name + ".norm_1", shape.width, epsilon);
    layer.mixer = std::make_unique<GroupedAttention>(made, name + ".attn",
                                                     GroupedShape{.width = shape.width,
                                                                  .head = head_of(shape),
                                                                  .heads = shape.heads,
                                                                  .kv_heads = shape.heads,
                                                                  .deviation = deviation,
                                                                  .epsilon = epsilon},
                                                     rotary_);
    layer.norm2 = RmsNorm(made, name + ".norm_2", shape.width, epsilon);
    layer.ffn = std::make_unique<SwiGlu>(made, name + ".mlp", shape.width, shape.ffn, deviation);
    layers_.push_back(std::move(layer));
  }
  norm_ = RmsNorm(made, prefix + ".norm", shape.width, epsilon);
}

at::Tensor SequenceModel::operator()(const at::Tensor& sequence) const {
  at::Tensor x = sequence;
  Pass pass;
  for (const auto& layer : layers_) {
    const Scope scope(layer.name.c_str());
    x = x + (*layer.mixer)(layer.norm1(x), pass);
    x = x + (*layer.ffn)(layer.norm2(x), pass);
  }
  return norm_(x);
}

}  // namespace reprise
