// SPDX-License-Identifier: Apache-2.0
#pragma once
// A decoder as Llama made it common: pre-norm layers of RMSNorm, each with a mixer of positions and a
// feed-forward part, which differ from system to system. Llama, Qwen, Yi and OpenELM are this model with
// other choices (recipes/*-tiny.toml).
#include <cmath>
#include <memory>
#include <vector>

#include "recipes/data/text_data.h"
#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

enum class Mixer { grouped, latent, lightning };  // recipes/models/grouped_attention.h, latent_attention.h

// The choices of a decoder, as a recipe's parameters say them. Checked: a choice that cannot be is an Error.
struct DecoderChoices {
  std::int64_t vocabulary = 0, block = 0, width = 0, layers = 0, head_width = 0;
  std::int64_t heads = 0, kv_heads = 0, ffn = 0;  // of each layer; where layers are scaled, of none
  bool scaled_layers = false;                     // OpenELM's layer-wise scaling
  std::int64_t group = 0, ffn_step = 0;           // of scaled layers: recipes/models/layer_scaling.h
  double qkv_first = 0, qkv_last = 0, ffn_first = 0, ffn_last = 0;
  Mixer mixer = Mixer::grouped;
  std::int64_t rope_width = 0, kv_latent = 0, q_latent = 0;  // of the latent mixer
  double clip_logits = 0;  // of the latent mixer: the largest attention logit that is let stand; 0: any
  // Of the lightning mixer: positions of a block; every n-th layer is grouped attention instead.
  std::int64_t linear_block = 0, softmax_every = 0;
  // Layers from dense_layers on have experts (recipes/models/experts.h); 0 experts: none has.
  std::int64_t experts = 0, chosen = 0, expert_ffn = 0, dense_layers = 0;
  double bias_speed = 0, balance = 0;
  double bias_until = 1;  // the share of the steps in which biases move; then they stay
  // The weight of predicting the token after the next one too (multi-token prediction); 0: not done. The last
  // weight holds behind a share of the steps.
  double next_but_one = 0, next_but_one_last = 0, next_but_one_until = 1;
  bool qkv_bias = false, qk_norm = false, tied = false;
  double norm_epsilon = 0, rope_base = 0, deviation = 0;
  double z_loss = 0;  // its weight in the loss of training; 0: none
};
DecoderChoices decoder_choices(const Setup& setup, std::int64_t vocabulary);

// How far a training has come. What holds for a share of its steps ends with a whole step.
struct Progress {
  std::int64_t step = 1, steps = 1;  // the one at hand, counted from 1
  bool within(double share) const { return step <= std::llround(share * static_cast<double>(steps)); }
};

class Decoder {
 public:
  Decoder(Parameters& made, const Setup& setup, const DecoderChoices& choices);
  // What is trained for, and the cross-entropy alone, in nats; one element each. The batch lies on the
  // device.
  at::Tensor training_loss(const TextBatch& batch, const Progress& at = {});
  at::Tensor cross_entropy(const TextBatch& batch);
  void updated(const Progress& at = {});  // after the optimizer's step, without gradients
  Tensors buffers() const;
  Tensors tables() const { return rotary_.tables(); }

 private:
  struct Layer {
    std::string name;
    RmsNorm norm1, norm2;
    std::unique_ptr<Part> mixer, ffn;
  };
  // Predicts the token after the next one from the hidden state and the next token's embedding.
  struct NextButOne {
    RmsNorm hidden_norm, token_norm;
    Projection joined;
    Layer layer;
  };
  Layer make_layer(Parameters& made, const Setup& setup, const std::string& name, std::int64_t i) const;
  at::Tensor through(Layer& layer, const at::Tensor& x, Pass& pass) const;
  at::Tensor next_but_one_loss(const at::Tensor& hidden, const at::Tensor& targets, Pass& pass);
  at::Tensor hidden(const at::Tensor& tokens, Pass& pass);
  at::Tensor logits(const at::Tensor& hidden) const;

  DecoderChoices choices_;
  Rotary rotary_;
  at::Tensor tokens_, head_;  // [vocabulary, width] each; one and the same where they are tied
  std::vector<Layer> layers_;
  RmsNorm norm_;
  std::unique_ptr<NextButOne> second_;
};

}  // namespace reprise
