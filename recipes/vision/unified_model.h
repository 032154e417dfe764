// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Janus and JanusFlow have in common: one transformer that is shown images by an encoder for
// understanding alone, apart from whatever draws them, and that names them letter by letter. Images are
// [batch, 1, 28, 28], words [batch, word_length] (number_words.h).
#include "recipes/vision/image_layers.h"
#include "recipes/vision/sequence_model.h"

namespace reprise {

struct UnifiedShape {
  std::int64_t width, layers, heads, ffn;
  std::int64_t features;  // channels of the encoder for understanding
  std::int64_t groups;    // of its norms
  std::int64_t length;    // of the longest sequence that it is asked about
};

inline constexpr std::int64_t image_tokens = 49;  // 7 x 7 of an image, for understanding and for drawing

// Linear, GELU, linear: the adaptors and heads of both systems.
struct Mlp {
  Linear widen, shrink;
  Mlp(Parameters& made, const std::string& name, std::int64_t in, std::int64_t inner, std::int64_t out);
  at::Tensor operator()(const at::Tensor& x) const;
};

class UnifiedModel {
 public:
  UnifiedModel(Parameters& made, const Setup& setup, const UnifiedShape& shape);

  // Of the encoder for understanding: [batch, image_tokens, features].
  at::Tensor features(const at::Tensor& images) const;
  // Mean cross-entropy of the letters of the names and their ends, in nats; one element.
  at::Tensor naming_loss(const at::Tensor& images, const at::Tensor& words) const;
  // Whether the likeliest letters (of equals the lower one), taken one after the other, are the name; Bool of
  // [batch].
  at::Tensor names_rightly(const at::Tensor& images, const at::Tensor& words) const;

  at::Tensor embedded(const at::Tensor& tokens) const;    // letters: [batch, n] -> [batch, n, width]
  at::Tensor begin_of_drawing(std::int64_t batch) const;  // [batch, 1, width]
  at::Tensor through(const at::Tensor& sequence) const { return transformer_(sequence); }
  Tensors tables() const { return transformer_.tables(); }

 private:
  // [batch, word_length, word_tokens]: each from the letters before it.
  at::Tensor letter_logits(const at::Tensor& images, const at::Tensor& words) const;

  at::Tensor letters_, marks_;  // [word_tokens, width]; [2, width]: before what is seen, before what is drawn
  Conv2d patches_;
  ResidualBlock block_;
  Mlp adaptor_;
  SequenceModel transformer_;
  Projection head_;
};

}  // namespace reprise
