// SPDX-License-Identifier: Apache-2.0
#include "recipes/vision/janus_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>

#include <span>

#include "harness/record/operators/op_tracer.h"
#include "recipes/models/token_loss.h"
#include "recipes/reasoning/sampler.h"

namespace reprise {

JanusModel::JanusModel(Parameters& made, const Setup& setup, const JanusShape& shape)
    : tokenizer_(made, "tokenizer", shape.tokenizer),
      quantizer_(made, "tokenizer.quantizer", shape.codes, shape.tokenizer.latents),
      unified_(made, setup, shape.unified),
      adaptor_(made, "drawing.adaptor", shape.tokenizer.latents, shape.unified.width, shape.unified.width),
      head_(made, "drawing.head", shape.unified.width, shape.unified.width, shape.codes) {}

at::Tensor JanusModel::tokenizer_loss(const at::Tensor& images, double commit) const {
  const Quantized made = quantizer_(tokens_of(tokenizer_.encode(images)));
  return mean_square(tokenizer_.decode(image_of(made.latents)), images) + made.book + commit * made.commit;
}

at::Tensor JanusModel::reconstructed(const at::Tensor& images) const { return image_from(codes_of(images)); }

at::Tensor JanusModel::codes_of(const at::Tensor& images) const {
  const at::NoGradGuard frozen;
  return quantizer_(tokens_of(tokenizer_.encode(images))).index;
}

at::Tensor JanusModel::image_from(const at::Tensor& codes) const {
  return tokenizer_.decode(image_of(quantizer_.read(codes)));
}

at::Tensor JanusModel::code_logits(const at::Tensor& words, const at::Tensor& codes) const {
  std::vector<at::Tensor> parts{unified_.embedded(words), unified_.begin_of_drawing(words.size(0))};
  if (codes.size(1) > 0) parts.push_back(adaptor_(quantizer_.read(codes).detach()));
  const at::Tensor hidden = unified_.through(at::cat(parts, 1));
  return head_(hidden.narrow(1, words.size(1), codes.size(1) + 1));
}

at::Tensor JanusModel::drawing_loss(const at::Tensor& words, const at::Tensor& codes) const {
  return token_loss(code_logits(words, codes.narrow(1, 0, image_tokens - 1)), codes);
}

at::Tensor JanusModel::drawn(const at::Tensor& words, double guidance, const Philox& draws,
                             std::uint64_t first) const {
  const Scope scope("draw");
  const at::NoGradGuard none;
  const std::int64_t rows = words.size(0);
  at::Tensor codes = at::empty({rows, 0}, words.options());
  for (std::int64_t place = 0; place < image_tokens; ++place) {
    const auto next = [&](const at::Tensor& text) {
      return code_logits(text, codes).select(1, place).to(at::kCPU, at::kDouble);
    };
    const at::Tensor told = next(at::zeros_like(words)), asked = next(words);
    const at::Tensor logits = (told + guidance * (asked - told)).contiguous();
    at::Tensor chosen = at::empty({rows, 1}, at::kLong);
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::span own(logits.const_data_ptr<double>() + row * logits.size(1),
                          static_cast<std::size_t>(logits.size(1)));
      const auto key = first + static_cast<std::uint64_t>(row * image_tokens + place);
      chosen.mutable_data_ptr<std::int64_t>()[row] =
          chosen_token(own, /*temperature=*/1, static_cast<double>(draws.uniform(key)));
    }
    codes = at::cat({codes, chosen.to(words.device())}, 1);
  }
  return codes;
}

}  // namespace reprise
