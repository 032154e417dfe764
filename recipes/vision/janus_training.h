// SPDX-License-Identifier: Apache-2.0
#pragma once
// Training after Janus on digits: `tokenizer_steps` steps of the tokenizer, which is frozen then, and steps
// of one transformer that names each image and draws it from its name (dropped for a share of the samples):
// the sum of both cross-entropies. Parameters of the recipe: tokenizer_steps, tokenizer_lr,
// tokenizer_channels, codes, code_size, commit, features, groups, width, layers, heads, ffn, text_drop,
// guidance, drawn, lr, warmup, beta1, beta2, weight_decay, clip, test_samples. Metrics: image_loss (nats per
// code), accuracy (% of names), reconstruction_loss (mean square), and agreement (% of drawn digits that the
// model itself names as they were asked for).
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

std::unique_ptr<Training> train_janus(const Setup& setup);

}  // namespace reprise
