// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/linear.h>

#include "harness/record/operators/op_tracer.h"
#include "recipes/models/experts.h"
#include "recipes/models/grouped_attention.h"
#include "recipes/models/latent_attention.h"
#include "recipes/models/layer_scaling.h"
#include "recipes/models/lightning_attention.h"
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

std::unique_ptr<Part> make_mixer(Parameters& made, const Setup& setup, const std::string& name,
                                 const DecoderChoices& choices, std::int64_t layer, const Rotary& rotary) {
  const LayerShape shape = shape_of(choices, layer);
  if (choices.mixer == Mixer::latent)
    return std::make_unique<LatentAttention>(made, name,
                                             LatentShape{.width = choices.width,
                                                         .head = choices.head_width,
                                                         .turned = choices.rope_width,
                                                         .heads = shape.heads,
                                                         .kv_latent = choices.kv_latent,
                                                         .q_latent = choices.q_latent,
                                                         .clip_logits = choices.clip_logits,
                                                         .deviation = choices.deviation,
                                                         .epsilon = choices.norm_epsilon},
                                             rotary);
  if (choices.mixer == Mixer::lightning && (layer + 1) % choices.softmax_every != 0)
    return std::make_unique<LightningAttention>(made, setup, name,
                                                LightningShape{.width = choices.width,
                                                               .head = choices.head_width,
                                                               .heads = shape.heads,
                                                               .block = choices.linear_block,
                                                               .layer = layer,
                                                               .layers = choices.layers,
                                                               .deviation = choices.deviation,
                                                               .epsilon = choices.norm_epsilon});
  return std::make_unique<GroupedAttention>(made, name,
                                            GroupedShape{.width = choices.width,
                                                         .head = choices.head_width,
                                                         .heads = shape.heads,
                                                         .kv_heads = shape.kv_heads,
                                                         .biased = choices.qkv_bias,
                                                         .normed = choices.qk_norm,
                                                         .deviation = choices.deviation,
                                                         .epsilon = choices.norm_epsilon},
                                            rotary);
}

}  // namespace

Decoder::Decoder(Parameters& made, const Setup& setup, const DecoderChoices& choices)
    : choices_(choices),
      rotary_(setup, choices.mixer == Mixer::latent ? choices.rope_width : choices.head_width, choices.block,
              choices.rope_base) {
  const auto matrix = [&](const char* name) {
    return made.normal(name, {choices.vocabulary, choices.width}, choices.deviation);
  };
  tokens_ = matrix("tokens.weight");
  for (std::int64_t i = 0; i < choices.layers; ++i)
    layers_.push_back(make_layer(made, setup, "layers." + std::to_string(i), i));
  norm_ = RmsNorm(made, "norm", choices.width, choices.norm_epsilon);
  head_ = choices.tied ? tokens_ : matrix("head.weight");
  if (choices.next_but_one <= 0) return;
  second_ = std::make_unique<NextButOne>();
  second_->hidden_norm = RmsNorm(made, "mtp.hidden_norm", choices.width, choices.norm_epsilon);
  second_->token_norm = RmsNorm(made, "mtp.token_norm", choices.width, choices.norm_epsilon);
  second_->joined = Projection(made, "mtp.joined", 2 * choices.width, choices.width, choices.deviation);
  second_->layer = make_layer(made, setup, "mtp.layer", choices.layers - 1);
}

Decoder::Layer Decoder::make_layer(Parameters& made, const Setup& setup, const std::string& name,
                                   std::int64_t i) const {
  const LayerShape shape = shape_of(choices_, i);
  Layer layer;
  layer.name = name;
  layer.norm1 = RmsNorm(made, name + ".norm_1", choices_.width, choices_.norm_epsilon);
  layer.mixer = make_mixer(made, setup, name + ".attn", choices_, i, rotary_);
  layer.norm2 = RmsNorm(made, name + ".norm_2", choices_.width, choices_.norm_epsilon);
  if (choices_.experts > 0 && i >= choices_.dense_layers)
    layer.ffn = std::make_unique<Experts>(made, setup, name + ".moe",
                                          ExpertsShape{.width = choices_.width,
                                                       .inner = choices_.expert_ffn,
                                                       .experts = choices_.experts,
                                                       .chosen = choices_.chosen,
                                                       .speed = choices_.bias_speed,
                                                       .balance = choices_.balance,
                                                       .deviation = choices_.deviation});
  else
    layer.ffn = std::make_unique<SwiGlu>(made, name + ".mlp", choices_.width, shape.ffn, choices_.deviation);
  return layer;
}

at::Tensor Decoder::through(Layer& layer, const at::Tensor& x, Pass& pass) const {
  const Scope scope(layer.name.c_str());
  const at::Tensor y = x + (*layer.mixer)(layer.norm1(x), pass);
  return y + (*layer.ffn)(layer.norm2(y), pass);
}

at::Tensor Decoder::hidden(const at::Tensor& tokens, Pass& pass) {
  at::Tensor x = at::embedding(tokens_, tokens);
  for (auto& layer : layers_) x = through(layer, x, pass);
  return x;
}

// At position i the hidden state knows tokens 0 to i; token i + 1 is given, token i + 2 wanted.
at::Tensor Decoder::next_but_one_loss(const at::Tensor& hidden, const at::Tensor& targets, Pass& pass) {
  const std::int64_t length = targets.size(1) - 1;
  const at::Tensor next = at::embedding(tokens_, targets.narrow(1, 0, length));
  const at::Tensor both =
      at::cat({second_->hidden_norm(hidden.narrow(1, 0, length)), second_->token_norm(next)}, -1);
  return token_loss(logits(through(second_->layer, second_->joined(both), pass)),
                    targets.narrow(1, 1, length));
}

at::Tensor Decoder::logits(const at::Tensor& hidden) const { return at::linear(norm_(hidden), head_); }

at::Tensor Decoder::training_loss(const TextBatch& batch, const Progress& at) {
  Pass pass{.trains = true, .balance = {}};
  const at::Tensor last = hidden(batch.inputs, pass), said = logits(last);
  at::Tensor loss = token_loss(said, batch.targets);
  if (choices_.z_loss > 0) loss = loss + choices_.z_loss * z_loss(said);
  const double second =
      at.within(choices_.next_but_one_until) ? choices_.next_but_one : choices_.next_but_one_last;
  if (second_) loss = loss + second * next_but_one_loss(last, batch.targets.contiguous(), pass);
  return pass.balance.defined() ? loss + pass.balance : loss;
}

at::Tensor Decoder::cross_entropy(const TextBatch& batch) {
  Pass pass;
  return token_loss(logits(hidden(batch.inputs, pass)), batch.targets);
}

void Decoder::updated(const Progress& at) {
  const bool balances = at.within(choices_.bias_until);
  const auto update = [&](Layer& layer) {
    layer.mixer->updated();
    if (balances) layer.ffn->updated();
  };
  for (auto& layer : layers_) update(layer);
  if (second_) update(second_->layer);
}

Tensors Decoder::buffers() const {
  Tensors all;
  const auto add = [&](const Layer& layer) {
    for (const auto* part : {layer.mixer.get(), layer.ffn.get()})
      for (const auto& one : part->buffers()) all.push_back(one);
  };
  for (const auto& layer : layers_) add(layer);
  if (second_) add(second_->layer);
  return all;
}

}  // namespace reprise
