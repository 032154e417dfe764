// SPDX-License-Identifier: Apache-2.0
#pragma once
// A GPT: pre-norm blocks, causal attention, GELU, tied embedding and head, weights as nanoGPT and GPT-2 begin
// them. chargpt and gpt2 are this model in two sizes.
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "recipes/data/text_data.h"
#include "recipes/models/parameters.h"

namespace reprise {

struct GptSizes {
  std::int64_t vocabulary, block;  // tokens known; the longest text it sees at once
  std::int64_t layers, heads, width;
  bool biases = false;  // of linear layers and layer norms
};

struct Gpt {
  // weight: [out, in] of a linear layer, [width] of a norm; bias: [out], undefined where the model has none.
  struct Affine {
    at::Tensor weight, bias;
  };
  struct Block {
    std::string name;
    Affine norm1, attention, projection, norm2, expand, shrink;
  };
  std::int64_t heads = 0;
  at::Tensor tokens;     // [vocabulary, width], of the head too
  at::Tensor positions;  // [block, width]
  std::vector<Block> blocks;
  Affine norm;
};

// Parameters are made in a fixed order, named as GPT-2's checkpoints name them, behind the prefix.
Gpt make_gpt(Parameters& made, const GptSizes& sizes, const std::string& prefix = "");

// [batch, length] tokens on the model's device -> [batch, length, vocabulary]. `dropout`: the share of values
// that is left out, in training, where nanoGPT leaves them out: of the embedding, of attention, and of what
// is added to the residual stream. LibTorch's generator of the device draws which.
at::Tensor logits_of(const Gpt& gpt, const at::Tensor& tokens, double dropout = 0);
// Mean cross-entropy of the next token, in nats, one element. The batch, [batch, block] each, lies on the
// model's device.
at::Tensor loss_of(const Gpt& gpt, const TextBatch& batch, double dropout = 0);

}  // namespace reprise
