// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small convolutional autoencoder of images of 28 x 28: two halvings to 7 x 7 latents, and back. The first
// stage of latent diffusion and, with codes between its halves, of VQ generators.
#include "recipes/vision/image_layers.h"

namespace reprise {

struct AutoencoderShape {
  std::int64_t channels = 16;  // of the widest images; twice as many behind the first halving
  std::int64_t latents = 4;    // channels of the latents
  std::int64_t groups = 4;     // of the norms
};

class Autoencoder {
 public:
  Autoencoder(Parameters& made, const std::string& name, const AutoencoderShape& shape);
  at::Tensor encode(const at::Tensor& images) const;   // [batch, 1, 28, 28] -> [batch, latents, 7, 7]
  at::Tensor decode(const at::Tensor& latents) const;  // and back

 private:
  Conv2d in_, halve1_, halve2_;
  ResidualBlock deep_;
  Conv2d to_latents_, from_latents_;
  ResidualBlock wide_;
  Conv2d enlarge1_, enlarge2_, out_;
};

}  // namespace reprise
