// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>

#include "harness/record/operators/op_tracer.h"
#include "recipes/models/grouped_attention.h"
#include "recipes/models/layer_scaling.h"
#include "recipes/models/token_loss.h"

namespace reprise {
namespace {

LayerShape shape_of(const DecoderChoices& choices, std::int64_t layer) {
  if (!choices.scaled_layers) return {choices.heads, choices.kv_heads, choices.ffn};
  const auto shapes = scaled_layers({.layers = choices.layers,
                                     .width = choices.width,
                                     .head = choices.head_width,
                                     .group = choices.group,
                                     .qkv_first = choices.qkv_first,
                                     .qkv_last = choices.qkv_last,
                                     .ffn_first = choices.ffn_first,
                                     .ffn_last = choices.ffn_last,
                                     .ffn_step = choices.ffn_step});
  return shapes[static_cast<std::size_t>(layer)];
}

}  // namespace

Decoder::Decoder(Parameters& made, const Setup& setup, const DecoderChoices& choices)
    : choices_(choices), rotary_(setup, choices.head_width, choices.block, choices.rope_base) {
  tokens_ = made.normal("tokens.weight", {choices.vocabulary, choices.width}, choices.deviation);
  for (std::int64_t i = 0; i < choices.layers; ++i) add_layer(made, i);
  norm_ = RmsNorm(made, "norm", choices.width, choices.norm_epsilon);
  head_ = choices.tied ? tokens_
                       : made.normal("head.weight", {choices.vocabulary, choices.width}, choices.deviation);
}

void Decoder::add_layer(Parameters& made, std::int64_t i) {
  const LayerShape shape = shape_of(choices_, i);
  Layer layer;
  layer.name = "layers." + std::to_string(i);
  layer.norm1 = RmsNorm(made, layer.name + ".norm_1", choices_.width, choices_.norm_epsilon);
  layer.mixer = std::make_unique<GroupedAttention>(made, layer.name + ".attn",
                                                   GroupedShape{.width = choices_.width,
                                                                .head = choices_.head_width,
                                                                .heads = shape.heads,
                                                                .kv_heads = shape.kv_heads,
                                                                .biased = choices_.qkv_bias,
                                                                .normed = choices_.qk_norm,
                                                                .deviation = choices_.deviation,
                                                                .epsilon = choices_.norm_epsilon},
                                                   rotary_);
  layer.norm2 = RmsNorm(made, layer.name + ".norm_2", choices_.width, choices_.norm_epsilon);
  layer.ffn =
      std::make_unique<SwiGlu>(made, layer.name + ".mlp", choices_.width, shape.ffn, choices_.deviation);
  layers_.push_back(std::move(layer));
}

at::Tensor Decoder::hidden(const at::Tensor& tokens, Pass& pass) {
  at::Tensor x = at::embedding(tokens_, tokens);
  for (auto& layer : layers_) {
    const Scope scope(layer.name.c_str());
    x = x + (*layer.mixer)(layer.norm1(x), pass);
    x = x + (*layer.ffn)(layer.norm2(x), pass);
  }
  return x;
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const { return at::linear(norm_(hidden), head_); }

at::Tensor Decoder::training_loss(const TextBatch& batch) {
  Pass pass{.trains = true, .balance = {}};
  const at::Tensor said = logits(hidden(batch.inputs, pass));
  at::Tensor loss = token_loss(said, batch.targets);
  if (choices_.z_loss > 0) loss = loss + choices_.z_loss * z_loss(said);
  return loss;
}

at::Tensor Decoder::cross_entropy(const TextBatch& batch) {
  Pass pass;
  return token_loss(logits(hidden(batch.inputs, pass)), batch.targets);
}

void Decoder::updated() {
  for (auto& layer : layers_) {
    layer.mixer->updated();
    layer.ffn->updated();
  }
}

Tensors Decoder::buffers() const {
  Tensors all;
  for (const auto& layer : layers_)
    for (const auto* part : {layer.mixer.get(), layer.ffn.get()})
      for (const auto& one : part->buffers()) all.push_back(one);
  return all;
}

}  // namespace reprise
