// SPDX-License-Identifier: Apache-2.0
// Digits by noise that is taken away in latents, as Stable Diffusion v1 is trained
// (recipes/vision/diffusion_training.h).
#include "recipes/vision/diffusion_training.h"

namespace reprise::programs {

extern const Program diffusion{
    .summary =
        "digits by latent diffusion: an autoencoder, then a U-Net that tells noise, its weights averaged",
    .begin = train_diffusion,
};

}  // namespace reprise::programs
