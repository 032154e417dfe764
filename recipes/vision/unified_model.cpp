// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/unified_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>

#include "harness/record/operators/op_tracer.h"
#include "recipes/models/token_loss.h"
#include "recipes/vision/number_words.h"

namespace reprise {
namespace {

constexpr double deviation = 0.02;

}  // namespace

UnifiedModel::UnifiedModel(Parameters& made, const Setup& setup, const UnifiedShape& shape)
    : letters_(made.normal("letters.weight", {word_tokens, shape.width}, deviation)),
      marks_(made.normal("marks.weight", {2, shape.width}, deviation)),
      patches_(made, "understanding.patches", {.in = 1, .out = shape.features, .kernel = 4, .stride = 4}),
      block_(made, "understanding.block",
             {.in = shape.features, .out = shape.features, .groups = shape.groups}),
      adaptor_(made, "understanding.adaptor", shape.features, shape.width, shape.width),
      transformer_(made, setup, "transformer",
                   {.width = shape.width,
                    .layers = shape.layers,
                    .heads = shape.heads,
                    .ffn = shape.ffn,
                    .length = shape.length}),
      head_(made, "text_head", shape.width, word_tokens, deviation) {}

at::Tensor UnifiedModel::features(const at::Tensor& images) const {
  const Scope scope("understanding");
  return tokens_of(block_(patches_(images)));
}

at::Tensor UnifiedModel::embedded(const at::Tensor& tokens) const { return at::embedding(letters_, tokens); }

at::Tensor UnifiedModel::begin_of_drawing(std::int64_t batch) const {
  return marks_.narrow(0, 1, 1).unsqueeze(0).expand({batch, -1, -1});
}

at::Tensor UnifiedModel::letter_logits(const at::Tensor& images, const at::Tensor& words) const {
  const at::Tensor seen = adaptor_(features(images));
  const at::Tensor begin = marks_.narrow(0, 0, 1).unsqueeze(0).expand({images.size(0), -1, -1});
  const at::Tensor said = embedded(words.narrow(1, 0, word_length - 1));
  const at::Tensor hidden = through(at::cat({begin, seen, said}, 1));
  return head_(hidden.narrow(1, image_tokens, word_length));
}

at::Tensor UnifiedModel::naming_loss(const at::Tensor& images, const at::Tensor& words) const {
  return token_loss(letter_logits(images, words), words);
}

// Behind the right letters the likeliest ones are what a greedy reader would write, as long as all are right.
at::Tensor UnifiedModel::names_rightly(const at::Tensor& images, const at::Tensor& words) const {
  return at::argmax(letter_logits(images, words).cpu(), -1).eq(words.cpu()).all(1);
}

Mlp::Mlp(Parameters& made, const std::string& name, std::int64_t in, std::int64_t inner, std::int64_t out)
    : widen(made, name + ".widen", in, inner), shrink(made, name + ".shrink", inner, out) {}

at::Tensor Mlp::operator()(const at::Tensor& x) const { return shrink(at::gelu(widen(x))); }

}  // namespace reprise
