// SPDX-License-Identifier: Apache-2.0
#pragma once
// The network that tells the noise in latents of 7 x 7, after the U-Net of Stable Diffusion: residual blocks
// that are told the time, and behind each a transformer block in which positions attend to each other and to
// a text. One block at 7 x 7, one at 4 x 4, three in the middle, and the way back beside what the way down
// kept.
#include "recipes/vision/image_layers.h"

namespace reprise {

// Softmax attention of several heads; every position sees all of the context.
class ContextAttention {
 public:
  // `context`: the size of what is attended to.
  ContextAttention(Parameters& made, const std::string& name, std::int64_t width, std::int64_t context,
                   std::int64_t heads);
  // x: [batch, positions, width], context: [batch, others, context].
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& context) const;

 private:
  std::int64_t heads_;
  Linear query_, key_, value_, out_;
};

struct UnetShape {
  std::int64_t latents = 4;    // channels in and out
  std::int64_t channels = 32;  // of the widest images; twice as many behind the halving
  std::int64_t groups = 8, heads = 4;
  std::int64_t context = 32;  // size of a position of the text
  std::int64_t time = 128;    // of the embedding of the time; that of `channels` numbers goes in
};

class Unet {
 public:
  Unet(Parameters& made, const std::string& name, const UnetShape& shape);
  // z: [batch, latents, 7, 7]; time: [batch, channels], rows of a time_table; text: [batch, words, context].
  at::Tensor operator()(const at::Tensor& z, const at::Tensor& time, const at::Tensor& text) const;

 private:
  // Residual block and transformer block.
  struct Level {
    ResidualBlock block;
    GroupNorm norm;
    Linear in;
    at::Tensor norm_self, norm_text, norm_mlp;  // weights of layer norms without bias
    ContextAttention self, text;
    Linear widen, shrink, out;
    Level(Parameters& made, const std::string& name, const UnetShape& shape, std::int64_t in,
          std::int64_t out);
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& time, const at::Tensor& text) const;
  };

  Linear time1_, time2_;
  Conv2d in_;
  Level down1_;
  Conv2d halve_;
  Level down2_, middle_;
  ResidualBlock deepest_;
  Level up2_;
  Conv2d enlarge_;
  Level up1_;
  GroupNorm norm_;
  Conv2d out_;
};

}  // namespace reprise
