// SPDX-License-Identifier: Apache-2.0
#pragma once
// Training after Stable Diffusion v1 on digits: `autoencoder_steps` steps of an autoencoder, which is frozen
// then, and steps of a U-Net that tells the noise in its latents, given the digit's name as text, which is
// dropped for a share of the samples. Latents are scaled by 1 / their standard deviation in the first batch.
// Parameters of the recipe: autoencoder_steps, autoencoder_lr, autoencoder_channels, latent_channels,
// channels, groups, heads, context, diffusion_steps, beta_first, beta_last, text_drop, lr, warmup,
// weight_decay, ema_decay, test_samples. Metrics, all of mean squares: noise_loss (of the averaged weights),
// last_noise_loss (of the last ones), reconstruction_loss.
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

std::unique_ptr<Training> train_diffusion(const Setup& setup);

}  // namespace reprise
