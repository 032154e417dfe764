// SPDX-License-Identifier: Apache-2.0
#pragma once
// JanusFlow on digits: an image is seen through an encoder for understanding, and drawn by following the
// velocity that the same transformer tells for all of its 7 x 7 patches at once, given the text, the time and
// the noisy image by an encoder and a decoder of their own. Pixels stand where JanusFlow has latents.
#include "recipes/vision/unified_model.h"

namespace reprise {

struct JanusflowShape {
  UnifiedShape unified{};
  std::int64_t channels = 32;  // of the encoder and decoder for drawing
};

class JanusflowModel {
 public:
  JanusflowModel(Parameters& made, const Setup& setup, const JanusflowShape& shape);

  struct Told {
    at::Tensor velocity;  // [batch, 1, 28, 28]
    at::Tensor aligned;   // [batch, image_tokens, features]: what is compared with features of the image
  };
  // z: [batch, 1, 28, 28] at the given times, from 0 (noise) to 1 (image), one for each of the batch.
  Told tell(const at::Tensor& z, const std::vector<double>& times, const at::Tensor& words) const;
  // From noise, in `steps` steps of guidance * asked + (1 - guidance) * told without words. Without
  // gradients.
  at::Tensor drawn(const at::Tensor& noise, const at::Tensor& words, double guidance,
                   std::int64_t steps) const;

  const UnifiedModel& unified() const { return unified_; }

 private:
  const Setup& setup_;
  UnifiedModel unified_;
  std::int64_t channels_;
  Linear time1_, time2_;  // to [batch, width]
  Conv2d patches_;
  ResidualBlock encoder_;
  Linear in_;
  RmsNorm norm_;
  Linear out_;
  ResidualBlock decoder_;
  Conv2d pixels_;
  Mlp aligner_;
};

}  // namespace reprise
