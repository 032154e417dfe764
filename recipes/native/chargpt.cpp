// SPDX-License-Identifier: Apache-2.0
// A character-level GPT as nanoGPT trains it: pre-norm blocks, causal attention, GELU, tied embedding and
// head, AdamW with weight decay on matrices only, clipped gradients, linear warm-up and cosine decay. No
// layer has a bias, as in nanoGPT's default.
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/record/op_tracer.h"
#include "recipes/gradient_training.h"
#include "recipes/text_data.h"

namespace reprise::programs {
namespace {

struct Block {
  std::string name;
  at::Tensor norm1, attention, projection, norm2, expand, shrink;
};

struct Gpt {
  std::int64_t heads = 0;
  at::Tensor tokens, positions, norm;
  std::vector<Block> blocks;
};

Gpt make_gpt(Parameters& made, const Setup& setup, std::int64_t vocabulary) {
  const std::int64_t width = setup.integer("width"), layers = setup.integer("layers");
  constexpr double deviation = 0.02;
  const double residual = deviation / std::sqrt(2.0 * static_cast<double>(layers));
  Gpt gpt;
  gpt.heads = setup.integer("heads");
  gpt.tokens = made.normal("wte.weight", {vocabulary, width}, deviation);
  gpt.positions = made.normal("wpe.weight", {setup.integer("block"), width}, deviation);
  for (std::int64_t i = 0; i < layers; ++i) {
    const std::string name = "h." + std::to_string(i) + ".";
    Block block;
    block.name = "h." + std::to_string(i);
    block.norm1 = made.constant(name + "ln_1.weight", {width}, 1);
    block.attention = made.normal(name + "attn.c_attn.weight", {3 * width, width}, deviation);
    block.projection = made.normal(name + "attn.c_proj.weight", {width, width}, residual);
    block.norm2 = made.constant(name + "ln_2.weight", {width}, 1);
    block.expand = made.normal(name + "mlp.c_fc.weight", {4 * width, width}, deviation);
    block.shrink = made.normal(name + "mlp.c_proj.weight", {width, 4 * width}, residual);
    gpt.blocks.push_back(block);
  }
  gpt.norm = made.constant("ln_f.weight", {width}, 1);
  return gpt;
}

at::Tensor normed(const at::Tensor& x, const at::Tensor& weight) {
  return at::layer_norm(x, {x.size(-1)}, weight);
}

at::Tensor attended(const Block& block, std::int64_t heads, const at::Tensor& x) {
  const Scope scope("attn");
  const std::int64_t batch = x.size(0), length = x.size(1), width = x.size(2);
  const auto parts = at::linear(x, block.attention).split(width, 2);
  const auto by_head = [&](const at::Tensor& part) {
    return part.view({batch, length, heads, width / heads}).transpose(1, 2);
  };
  const at::Tensor query = by_head(parts[0]), key = by_head(parts[1]), value = by_head(parts[2]);
  const at::Tensor mixed = at::scaled_dot_product_attention(query, key, value, {}, 0.0, true);
  const at::Tensor together = mixed.transpose(1, 2).contiguous().view({batch, length, width});
  return at::linear(together, block.projection);
}

at::Tensor widened(const Block& block, const at::Tensor& x) {
  const Scope scope("mlp");
  return at::linear(at::gelu(at::linear(x, block.expand)), block.shrink);
}

// Mean cross-entropy of the next character, in nats.
at::Tensor loss_of(const Gpt& gpt, const TextBatch& batch) {
  const at::Tensor where = at::arange(batch.inputs.size(1), at::kLong);
  at::Tensor x = at::embedding(gpt.tokens, batch.inputs) + at::embedding(gpt.positions, where);
  for (const auto& block : gpt.blocks) {
    const Scope scope(block.name.c_str());
    x = x + attended(block, gpt.heads, normed(x, block.norm1));
    x = x + widened(block, normed(x, block.norm2));
  }
  const at::Tensor logits = at::linear(normed(x, gpt.norm), gpt.tokens);
  return at::cross_entropy_loss(logits.flatten(0, 1), batch.targets.flatten());
}

class CharGpt final : public GradientTraining {
 public:
  explicit CharGpt(const Setup& setup)
      : GradientTraining(setup), text_(characters_of(setup.data("text"))), block_(setup.integer("block")) {
    gpt_ = make_gpt(parameters(), setup, text_.vocabulary);
    optimize({.rate = setup.number("lr"),
              .beta1 = 0.9,
              .beta2 = setup.number("beta2"),
              .weight_decay = setup.number("weight_decay")});
    clip_gradients(setup.number("clip"));
    setup.show_data({{"train", text_.train}, {"validation", text_.validation}}, text_.train.size(0) - block_);
    choose_evaluation();
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    const TextBatch read = windows(text_.train, setup().batch(i), block_);
    batch = {{"inputs", read.inputs}, {"targets", read.targets}};
    return loss_of(gpt_, read);
  }

  // nanoGPT's get_lr, with its lr_decay_iters equal to the steps; it counts steps from 0.
  std::optional<double> rate(std::int64_t i) override {
    const double peak = setup().number("lr"), floor = setup().number("min_lr");
    const auto at = static_cast<double>(i - 1), warmup = static_cast<double>(setup().integer("warmup"));
    if (at < warmup) return peak * (at + 1) / (warmup + 1);
    const double rest = static_cast<double>(setup().plan().steps) - warmup;
    const double share = rest > 0 ? std::min(1.0, (at - warmup) / rest) : 1.0;
    return floor + 0.5 * (1 + std::cos(std::numbers::pi * share)) * (peak - floor);
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    double sum = 0;
    for (const auto& offsets : evaluation_)
      sum += loss_of(gpt_, windows(text_.validation, offsets, block_)).item().toDouble();
    return {{"validation_loss", sum / static_cast<double>(evaluation_.size())}};
  }

 private:
  // The same validation batches at every evaluation and under every seed, so that losses can be compared.
  void choose_evaluation() {
    const Philox draws{0, Stream::sampler, 0};
    const auto places = static_cast<std::uint64_t>(text_.validation.size(0) - block_);
    std::uint64_t next = 0;
    for (std::int64_t i = 0; i < setup().integer("eval_batches"); ++i) {
      std::vector<std::int64_t> offsets;
      for (std::int64_t k = 0; k < setup().plan().batch; ++k)
        offsets.push_back(static_cast<std::int64_t>(draws.bits64(next++) % places));
      evaluation_.push_back(at::tensor(offsets, at::kLong));
    }
  }

  TextData text_;
  std::int64_t block_;
  Gpt gpt_;
  std::vector<at::Tensor> evaluation_;
};

}  // namespace

extern const Program chargpt{
    .summary = "character-level GPT on tiny Shakespeare, as nanoGPT trains it on a processor",
    .begin = [](const Setup& setup) -> std::unique_ptr<Training> { return std::make_unique<CharGpt>(setup); },
};

}  // namespace reprise::programs
