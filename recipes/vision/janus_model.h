// SPDX-License-Identifier: Apache-2.0
#pragma once
// Janus on digits: an image is seen through an encoder for understanding, and drawn as codes of a tokenizer
// of its own, one after the other, by the same transformer. Text in front of the codes says what to draw.
#include "harness/base/philox.h"
#include "recipes/vision/autoencoder.h"
#include "recipes/vision/unified_model.h"
#include "recipes/vision/vector_quantizer.h"

namespace reprise {

struct JanusShape {
  AutoencoderShape tokenizer;  // its latents are as wide as a code
  std::int64_t codes = 64;
  UnifiedShape unified{};
};

class JanusModel {
 public:
  // The parameters of the tokenizer are made first.
  JanusModel(Parameters& made, const Setup& setup, const JanusShape& shape);

  // Mean squares of what is lost, and the two losses of the codes, the second one with the weight `commit`.
  at::Tensor tokenizer_loss(const at::Tensor& images, double commit) const;
  at::Tensor reconstructed(const at::Tensor& images) const;
  at::Tensor codes_of(const at::Tensor& images) const;   // I64 of [batch, image_tokens]; without gradients
  at::Tensor image_from(const at::Tensor& codes) const;  // and the image that they stand for

  // Mean cross-entropy of the codes of images that the words ask for, in nats; one element.
  at::Tensor drawing_loss(const at::Tensor& words, const at::Tensor& codes) const;
  // Codes drawn for each row of the words, place by place: logits are told + guidance * (asked - told), told
  // without words, asked with them. Row r, place p takes draw first + r * image_tokens + p, so that what else
  // is drawn changes nothing. Without gradients.
  at::Tensor drawn(const at::Tensor& words, double guidance, const Philox& draws, std::uint64_t first) const;

  const UnifiedModel& unified() const { return unified_; }

 private:
  // Of the next code behind each of [batch, n] codes and before the first: [batch, n + 1, codes].
  at::Tensor code_logits(const at::Tensor& words, const at::Tensor& codes) const;

  Autoencoder tokenizer_;
  VectorQuantizer quantizer_;
  UnifiedModel unified_;
  Mlp adaptor_, head_;
};

}  // namespace reprise
