// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sampling from a GPT. Each token is drawn by a number of its own, keyed by step, prompt, sample and place,
// so that what else is in a batch changes no draw; chosen by going through the probabilities in order, in
// double, on the processor.
#include <cstdint>
#include <span>

#include "harness/base/philox.h"
#include "recipes/models/gpt.h"

namespace reprise {

// The first token whose probabilities, summed in order, exceed `share` of the sum; the likeliest one (of
// equals the lower) where the temperature is 0.
std::int64_t chosen_token(std::span<const double> logits, double temperature, double share);

struct SampleKeys {
  Philox draws{};
  std::uint64_t first = 0;  // of row 0; row r, place t takes draw first + r * completion_length + t
};

// `prompts`: [rows, prompt_length], I64, on the model's device. The result: [rows, prompt_length +
// completion_length], prompts in front, ends behind the first end. Without gradients.
at::Tensor sampled(const Gpt& gpt, const at::Tensor& prompts, double temperature, const SampleKeys& keys);

// The log-probability of each token behind the prompt, [rows, completion_length].
at::Tensor log_probabilities(const Gpt& gpt, const at::Tensor& sequences);
// 1 for tokens up to the first end and it, 0 behind; [rows, completion_length], float32.
at::Tensor token_mask(const at::Tensor& sequences);

}  // namespace reprise
