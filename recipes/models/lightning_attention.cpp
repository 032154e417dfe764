// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/lightning_attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

double lightning_decay(const LightningShape& shape, std::int64_t head) {
  const auto layer = static_cast<double>(shape.layer), last = static_cast<double>(shape.layers - 1);
  const double rate = std::exp2(-8.0 * static_cast<double>(head + 1) / static_cast<double>(shape.heads));
  return std::exp(-rate * (1 - layer / (last + 1e-5) + 1e-5));
}

LightningAttention::LightningAttention(Parameters& made, const Setup& setup, const std::string& name,
                                       const LightningShape& shape)
    : shape_(shape) {
  if (shape.heads < 1 || shape.block < 1)
    fail("wanted heads and linear_block of 1 or more, found {} and {}", shape.heads, shape.block);
  const std::int64_t all = shape.heads * shape.head;
  query_ = Projection(made, name + ".q", shape.width, all, shape.deviation);
  key_ = Projection(made, name + ".k", shape.width, all, shape.deviation);
  value_ = Projection(made, name + ".v", shape.width, all, shape.deviation);
  gate_ = Projection(made, name + ".gate", shape.width, all, shape.deviation);
  out_ = Projection(made, name + ".o", all, shape.width, shape.deviation);
  norm_ = RmsNorm(made, name + ".norm", all, shape.epsilon);
  // In double on the CPU, rounded once: no device's pow decides a bit.
  const at::Tensor powers = at::zeros({shape.heads, shape.block + 1}, at::kDouble),
                   mask = at::zeros({shape.heads, shape.block, shape.block}, at::kDouble);
  auto *power = powers.mutable_data_ptr<double>(), *shown = mask.mutable_data_ptr<double>();
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    const double decay = lightning_decay(shape, h);
    for (std::int64_t n = 0; n <= shape.block; ++n) *power++ = std::pow(decay, static_cast<double>(n));
    for (std::int64_t i = 0; i < shape.block; ++i)
      for (std::int64_t j = 0; j < shape.block; ++j)
        *shown++ = j > i ? 0 : std::pow(decay, static_cast<double>(i - j));
  }
  const auto kept = setup.dtype() == at::kDouble ? at::kDouble : at::kFloat;
  powers_ = powers.to(kept).to(setup.device());
  mask_ = mask.to(kept).to(setup.device());
}

// Each [batch, heads, length, head], in the format of the state.
at::Tensor LightningAttention::in_blocks(const at::Tensor& query, const at::Tensor& key,
                                         const at::Tensor& value) const {
  at::Tensor state = at::zeros({query.size(0), shape_.heads, shape_.head, shape_.head}, query.options());
  std::vector<at::Tensor> parts;
  for (std::int64_t first = 0; first < query.size(2); first += shape_.block) {
    const std::int64_t count = std::min(shape_.block, query.size(2) - first);
    const at::Tensor q = query.narrow(2, first, count), k = key.narrow(2, first, count),
                     v = value.narrow(2, first, count);
    const at::Tensor mask = mask_.narrow(1, 0, count).narrow(2, 0, count);
    const at::Tensor since = powers_.narrow(1, 1, count).unsqueeze(-1),  // from the block before
        until = powers_.narrow(1, 0, count).flip(1).unsqueeze(-1),       // to the end of this one
        across = powers_.narrow(1, count, 1).unsqueeze(-1);
    parts.push_back(at::matmul(at::matmul(q, k.transpose(-1, -2)) * mask, v) + at::matmul(q * since, state));
    state = state * across + at::matmul((k * until).transpose(-1, -2), v);
  }
  return at::cat(parts, 2);
}

at::Tensor LightningAttention::operator()(const at::Tensor& x, Pass& /*pass*/) {
  const Scope scope("lightning");
  const std::int64_t batch = x.size(0), length = x.size(1);
  const auto by_head = [&](const Projection& projection) {
    const at::Tensor all = at::silu(projection(x)).to(powers_.scalar_type());
    return all.view({batch, length, shape_.heads, shape_.head}).transpose(1, 2);
  };
  const at::Tensor query = by_head(query_), key = by_head(key_), value = by_head(value_);
  const at::Tensor mixed =
      in_blocks(query, key, value).transpose(1, 2).contiguous().view({batch, length, -1});
  return out_(at::sigmoid(gate_(x)) * norm_(mixed.to(x.scalar_type())));
}

}  // namespace reprise
