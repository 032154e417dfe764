// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/gpt.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include <cmath>
#include <optional>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {
namespace {

constexpr double deviation = 0.02;

class Maker {
 public:
  Maker(Parameters& made, const GptSizes& sizes) : made_(made), sizes_(sizes) {}

  Gpt::Affine linear(const std::string& name, std::int64_t out, std::int64_t in, double spread) {
    Gpt::Affine layer;
    layer.weight = made_.normal(name + ".weight", {out, in}, spread);
    if (sizes_.biases) layer.bias = made_.constant(name + ".bias", {out}, 0);
    return layer;
  }

  Gpt::Affine norm(const std::string& name) {
    Gpt::Affine layer;
    layer.weight = made_.constant(name + ".weight", {sizes_.width}, 1);
    if (sizes_.biases) layer.bias = made_.constant(name + ".bias", {sizes_.width}, 0);
    return layer;
  }

  Gpt::Block block(const std::string& name) {
    const std::int64_t width = sizes_.width;
    // What is added to the residual stream is scaled down by the number of additions.
    const double residual = deviation / std::sqrt(2.0 * static_cast<double>(sizes_.layers));
    Gpt::Block block;
    block.name = name;
    block.norm1 = norm(name + ".ln_1");
    block.attention = linear(name + ".attn.c_attn", 3 * width, width, deviation);
    block.projection = linear(name + ".attn.c_proj", width, width, residual);
    block.norm2 = norm(name + ".ln_2");
    block.expand = linear(name + ".mlp.c_fc", 4 * width, width, deviation);
    block.shrink = linear(name + ".mlp.c_proj", width, 4 * width, residual);
    return block;
  }

 private:
  Parameters& made_;
  const GptSizes& sizes_;
};

std::optional<at::Tensor> if_any(const at::Tensor& bias) {
  return bias.defined() ? std::optional(bias) : std::nullopt;
}

at::Tensor normed(const at::Tensor& x, const Gpt::Affine& norm) {
  return at::layer_norm(x, {x.size(-1)}, norm.weight, if_any(norm.bias));
}

at::Tensor through(const at::Tensor& x, const Gpt::Affine& layer) {
  return at::linear(x, layer.weight, if_any(layer.bias));
}

// No operator at all where nothing is left out.
at::Tensor dropped(const at::Tensor& x, double share) {
  return share > 0 ? at::dropout(x, share, /*train=*/true) : x;
}

at::Tensor attended(const Gpt::Block& block, std::int64_t heads, const at::Tensor& x, double dropout) {
  const Scope scope("attn");
  const std::int64_t batch = x.size(0), length = x.size(1), width = x.size(2);
  const auto parts = through(x, block.attention).split(width, 2);
  const auto by_head = [&](const at::Tensor& part) {
    return part.view({batch, length, heads, width / heads}).transpose(1, 2);
  };
  const at::Tensor query = by_head(parts[0]), key = by_head(parts[1]), value = by_head(parts[2]);
  const at::Tensor mixed = at::scaled_dot_product_attention(query, key, value, {}, dropout, true);
  const at::Tensor together = mixed.transpose(1, 2).contiguous().view({batch, length, width});
  return through(together, block.projection);
}

at::Tensor widened(const Gpt::Block& block, const at::Tensor& x) {
  const Scope scope("mlp");
  return through(at::gelu(through(x, block.expand)), block.shrink);
}

}  // namespace

Gpt make_gpt(Parameters& made, const GptSizes& sizes, const std::string& prefix) {
  if (sizes.heads < 1 || sizes.width % sizes.heads != 0)
    fail("wanted a width that the heads share evenly, found width={} and heads={}", sizes.width, sizes.heads);
  Maker maker(made, sizes);
  Gpt gpt;
  gpt.heads = sizes.heads;
  gpt.tokens = made.normal(prefix + "wte.weight", {sizes.vocabulary, sizes.width}, deviation);
  gpt.positions = made.normal(prefix + "wpe.weight", {sizes.block, sizes.width}, deviation);
  for (std::int64_t i = 0; i < sizes.layers; ++i)
    gpt.blocks.push_back(maker.block(prefix + "h." + std::to_string(i)));
  gpt.norm = maker.norm(prefix + "ln_f");
  return gpt;
}

at::Tensor logits_of(const Gpt& gpt, const at::Tensor& tokens, double dropout) {
  const at::Tensor where = at::arange(tokens.size(1), tokens.options());
  at::Tensor x = dropped(at::embedding(gpt.tokens, tokens) + at::embedding(gpt.positions, where), dropout);
  for (const auto& block : gpt.blocks) {
    const Scope scope(block.name.c_str());
    x = x + dropped(attended(block, gpt.heads, normed(x, block.norm1), dropout), dropout);
    x = x + dropped(widened(block, normed(x, block.norm2)), dropout);
  }
  return at::linear(normed(x, gpt.norm), gpt.tokens);
}

at::Tensor loss_of(const Gpt& gpt, const TextBatch& batch, double dropout) {
  return at::cross_entropy_loss(logits_of(gpt, batch.inputs, dropout).flatten(0, 1), batch.targets.flatten());
}

}  // namespace reprise
