// SPDX-License-Identifier: Apache-2.0
#pragma once
// A small GPT that learns to reckon as reasoning models are trained: first on perfect completions (cold
// start), then by what it samples itself, rewarded by rules (DeepSeek-R1-Zero, Open-R1, Kimi k1.5), or as the
// student of a teacher that was trained so (distillation). Parameters of the recipe: data_seed, largest,
// layers, heads, width; lr, rl_lr, weight_decay, clip; cold_steps; objective = "grpo", "squared" or
// "distill"; of the first two group (completions of a prompt), inner (steps on one set of samples) and
// rewards; of grpo epsilon, beta, reference_every; of squared tau, pool; of distill student_layers,
// student_width. temperature, eval_tasks. Metric: accuracy (%, of greedy answers to test tasks).
#include <memory>

#include "harness/record/training/program.h"

namespace reprise {

std::unique_ptr<Training> train_reasoner(const Setup& setup);

}  // namespace reprise
