// SPDX-License-Identifier: Apache-2.0
#pragma once
// Training a decoder (recipes/models/decoder.h) on windows of a text: AdamW with weight decay on matrices
// only, clipped gradients, a rate of phases. Parameters of the recipe: those of the decoder and of the rate
// (recipes/training/rate_schedule.h), beta1, beta2, epsilon, weight_decay, clip, eval_batches, average_last.
// Metrics: validation_loss (nats), and averaged_loss of the averaged weights at the end, where it is asked
// for.
#include <memory>

#include "recipes/data/text_data.h"
#include "recipes/training/gradient_training.h"

namespace reprise {

// muon_clip: Muon on the matrices of the layers (parameters of the recipe: momentum, iterations), AdamW on
// the rest, and attention logits clipped at clip_logits (recipes/models/latent_attention.h).
enum class DecoderOptimizer { adam, muon_clip };

std::unique_ptr<Training> train_decoder(const Setup& setup, const TextData& text,
                                        DecoderOptimizer optimizer = DecoderOptimizer::adam);

}  // namespace reprise
