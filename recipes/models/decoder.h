// SPDX-License-Identifier: Apache-2.0
#pragma once
// A decoder as Llama made it common: pre-norm layers of RMSNorm, each with a mixer of positions and a
// feed-forward part, which differ from system to system. Llama, Qwen, Yi and OpenELM are this model with
// other choices (recipes/*-tiny.toml).
#include <memory>
#include <vector>

#include "recipes/data/text_data.h"
#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

enum class Mixer { grouped };

// The choices of a decoder, as a recipe's parameters say them. Checked: a choice that cannot be is an Error.
struct DecoderChoices {
  std::int64_t vocabulary = 0, block = 0, width = 0, layers = 0, head_width = 0;
  std::int64_t heads = 0, kv_heads = 0, ffn = 0;  // of each layer; where layers are scaled, of none
  bool scaled_layers = false;                     // OpenELM's layer-wise scaling
  std::int64_t group = 0, ffn_step = 0;           // of scaled layers: recipes/models/layer_scaling.h
  double qkv_first = 0, qkv_last = 0, ffn_first = 0, ffn_last = 0;
  Mixer mixer = Mixer::grouped;
  bool qkv_bias = false, qk_norm = false, tied = false;
  double norm_epsilon = 0, rope_base = 0, deviation = 0;
  double z_loss = 0;  // its weight in the loss of training; 0: none
};
DecoderChoices decoder_choices(const Setup& setup, std::int64_t vocabulary);

class Decoder {
 public:
  Decoder(Parameters& made, const Setup& setup, const DecoderChoices& choices);
  // What is trained for, and the cross-entropy alone, in nats; one element each. The batch lies on the
  // device.
  at::Tensor training_loss(const TextBatch& batch);
  at::Tensor cross_entropy(const TextBatch& batch);
  void updated();  // after the optimizer's step, without gradients
  Tensors buffers() const;
  Tensors tables() const { return rotary_.tables(); }

 private:
  struct Layer {
    std::string name;
    RmsNorm norm1, norm2;
    std::unique_ptr<Part> mixer, ffn;
  };
  void add_layer(Parameters& made, std::int64_t i);
  at::Tensor hidden(const at::Tensor& tokens, Pass& pass);
  at::Tensor logits(const at::Tensor& hidden) const;

  DecoderChoices choices_;
  Rotary rotary_;
  at::Tensor tokens_, head_;  // [vocabulary, width] each; one and the same where they are tied
  std::vector<Layer> layers_;
  RmsNorm norm_;
};

}  // namespace reprise
