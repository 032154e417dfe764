// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/sampler.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/record/operators/op_tracer.h"
#include "recipes/reasoning/arithmetic.h"

namespace reprise {

std::int64_t chosen_token(std::span<const double> logits, double temperature, double share) {
  const auto likeliest = std::ranges::max_element(logits) - logits.begin();
  if (temperature <= 0) return likeliest;
  const double most = logits[static_cast<std::size_t>(likeliest)];
  std::vector<double> weights;
  double sum = 0;
  for (const double logit : logits) sum += weights.emplace_back(std::exp((logit - most) / temperature));
  double passed = 0;
  for (std::size_t token = 0; token < weights.size(); ++token) {
    passed += weights[token];
    if (passed > share * sum) return static_cast<std::int64_t>(token);
  }
  return likeliest;
}

at::Tensor sampled(const Gpt& gpt, const at::Tensor& prompts, double temperature, const SampleKeys& keys) {
  const Scope scope("sample");
  const at::NoGradGuard none;
  const std::int64_t rows = prompts.size(0);
  at::Tensor sequences = prompts;
  std::vector<bool> ended(static_cast<std::size_t>(rows), false);
  for (std::int64_t place = 0; place < completion_length; ++place) {
    const at::Tensor logits =
        logits_of(gpt, sequences).select(1, sequences.size(1) - 1).to(at::kCPU, at::kDouble).contiguous();
    at::Tensor next = at::full({rows, 1}, static_cast<std::int64_t>(end), at::kLong);
    for (std::int64_t row = 0; row < rows; ++row) {
      if (ended[static_cast<std::size_t>(row)]) continue;
      const std::span<const double> own(logits.const_data_ptr<double>() + row * token_count, token_count);
      const auto key = keys.first + static_cast<std::uint64_t>(row * completion_length + place);
      const std::int64_t token = chosen_token(own, temperature, static_cast<double>(keys.draws.uniform(key)));
      next.mutable_data_ptr<std::int64_t>()[row] = token;
      ended[static_cast<std::size_t>(row)] = token == end;
    }
    sequences = at::cat({sequences, next.to(sequences.device())}, 1);
  }
  return sequences;
}

at::Tensor log_probabilities(const Gpt& gpt, const at::Tensor& sequences) {
  const std::int64_t length = sequences.size(1);
  const at::Tensor logits =
      logits_of(gpt, sequences.narrow(1, 0, length - 1)).narrow(1, prompt_length - 1, completion_length);
  const at::Tensor targets = sequences.narrow(1, prompt_length, completion_length);
  const at::Tensor costs = at::cross_entropy_loss(logits.reshape({-1, token_count}).to(at::kFloat),
                                                  targets.reshape({-1}), {}, at::Reduction::None);
  return -costs.view({sequences.size(0), completion_length});
}

at::Tensor token_mask(const at::Tensor& sequences) {
  const at::Tensor tokens = sequences.narrow(1, prompt_length, completion_length).cpu().contiguous();
  at::Tensor mask = at::zeros(tokens.sizes(), at::kFloat);
  for (std::int64_t row = 0; row < tokens.size(0); ++row) {
    const std::span own(tokens.const_data_ptr<std::int64_t>() + row * completion_length, completion_length);
    mask.select(0, row).narrow(0, 0, length_of(own)).fill_(1);
  }
  return mask.to(sequences.device());
}

}  // namespace reprise
