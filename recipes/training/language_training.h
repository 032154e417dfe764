// SPDX-License-Identifier: Apache-2.0
#pragma once
// Training a GPT on windows of a text, as nanoGPT does it: AdamW with weight decay on matrices only, clipped
// gradients, linear warm-up and cosine decay. Parameters of the recipe: lr, min_lr, warmup, beta2,
// weight_decay, clip, eval_batches, and layers, heads, width and block of the model; and dropout, where
// there is one (with the pin rng=device, whose generator draws it). Metric: validation_loss
// (nats), on the same windows at every evaluation and under every seed; where evaluate_on is "drawn", on
// windows that each evaluation draws anew from the seed, as nanoGPT's estimate_loss does.
#include <memory>

#include "recipes/data/text_data.h"
#include "recipes/models/gpt.h"
#include "recipes/training/gradient_training.h"

namespace reprise {

std::unique_ptr<Training> train_language(const Setup& setup, const TextData& text, bool biases);

}  // namespace reprise
