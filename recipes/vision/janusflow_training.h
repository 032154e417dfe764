// SPDX-License-Identifier: Apache-2.0
#pragma once
// Training after JanusFlow on digits: at every step one transformer names each image and tells the velocity
// of a flow from noise to it, given its name (dropped for a share of the samples). The loss is the
// cross-entropy of the letters, the mean square of the velocity, and `alignment` times the misalignment of
// what the transformer makes of the noisy image with the features for understanding of the image itself,
// which are not moved by it. Weights are averaged. Parameters of the recipe: features, groups, channels,
// width, layers, heads, ffn, alignment, text_drop, guidance, flow_steps, drawn, lr, warmup, beta1, beta2,
// weight_decay, clip, ema_decay, test_samples. Metrics, all of the averaged weights: flow_loss (mean square),
// accuracy (% of names), agreement (% of drawn digits that the model itself names as they were asked for).
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

std::unique_ptr<Training> train_janusflow(const Setup& setup);

}  // namespace reprise
