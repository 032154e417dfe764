// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/latent_attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp_max.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {

LatentAttention::LatentAttention(Parameters& made, const std::string& name, const LatentShape& shape,
                                 Rotary rotary)
    : name_(name), shape_(shape), rotary_(std::move(rotary)) {
  if (shape.heads < 1 || shape.kv_latent < 1 || shape.q_latent < 1)
    fail("wanted heads, kv_latent and q_latent of 1 or more, found {}, {} and {}", shape.heads,
         shape.kv_latent, shape.q_latent);
  const std::int64_t plain = shape.heads * shape.head, turned = shape.heads * shape.turned;
  const double deviation = shape.deviation;
  kv_down_ = Projection(made, name + ".kv_down", shape.width, shape.kv_latent, deviation);
  kv_norm_ = RmsNorm(made, name + ".kv_norm", shape.kv_latent, shape.epsilon);
  key_up_ = Projection(made, name + ".k_up", shape.kv_latent, plain, deviation);
  key_turned_ = Projection(made, name + ".k_rope", shape.width, shape.turned, deviation);
  value_up_ = Projection(made, name + ".v_up", shape.kv_latent, plain, deviation);
  q_down_ = Projection(made, name + ".q_down", shape.width, shape.q_latent, deviation);
  q_norm_ = RmsNorm(made, name + ".q_norm", shape.q_latent, shape.epsilon);
  query_up_ = Projection(made, name + ".q_up", shape.q_latent, plain, deviation);
  query_turned_ = Projection(made, name + ".q_rope", shape.q_latent, turned, deviation);
  out_ = Projection(made, name + ".o", plain, shape.width, deviation);
  if (shape.clip_logits <= 0) return;
  largest_ = at::zeros({shape.heads}, out_.weight.options().dtype(at::kFloat).requires_grad(false));
  gamma_ = at::ones_like(largest_);
}

Tensors LatentAttention::buffers() const {
  if (!largest_.defined()) return {};
  return {{name_ + ".largest_logit", largest_}, {name_ + ".gamma", gamma_}};
}

// A maximum has no order of summation: it is the same whatever way the scores are gone through.
void LatentAttention::see_logits(const at::Tensor& query, const at::Tensor& key) {
  const at::NoGradGuard none;
  const double scale = 1 / std::sqrt(static_cast<double>(query.size(-1)));
  const at::Tensor scores = at::matmul(query, key.transpose(-2, -1)) * scale;
  const std::int64_t length = query.size(-2);
  const at::Tensor later = at::ones({length, length}, scores.options().dtype(at::kBool)).triu(1);
  largest_.copy_(at::amax(scores.masked_fill(later, -std::numeric_limits<double>::infinity()), {0, 2, 3}));
}

void LatentAttention::updated() {
  if (!largest_.defined()) return;
  gamma_.copy_(at::clamp_max(shape_.clip_logits / at::clamp_min(largest_, 1e-30), 1.0));
  const at::Tensor whole = gamma_.to(query_up_.weight.scalar_type()),
                   root = gamma_.sqrt().to(whole.scalar_type());
  const auto scale = [&](const at::Tensor& weight, const at::Tensor& by) {
    weight.view({shape_.heads, -1, weight.size(1)}).mul_(by.view({-1, 1, 1}));
  };
  scale(query_up_.weight, root);
  scale(key_up_.weight, root);
  scale(query_turned_.weight, whole);
}

at::Tensor LatentAttention::operator()(const at::Tensor& x, Pass& pass) {
  const Scope scope("attn");
  const std::int64_t batch = x.size(0), length = x.size(1);
  const auto by_head = [&](const at::Tensor& all, std::int64_t size) {
    return all.view({batch, length, -1, size}).transpose(1, 2);
  };
  const auto turned = [&](const at::Tensor& all) { return rotary_(by_head(all, shape_.turned)); };
  const at::Tensor c = kv_norm_(kv_down_(x)), c_q = q_norm_(q_down_(x));
  const at::Tensor shared = turned(key_turned_(x)).expand({-1, shape_.heads, -1, -1});
  const at::Tensor key = at::cat({by_head(key_up_(c), shape_.head), shared}, -1),
                   query = at::cat({by_head(query_up_(c_q), shape_.head), turned(query_turned_(c_q))}, -1);
  if (pass.trains && largest_.defined()) see_logits(query, key);
  // The scale is one over the root of the length of a query, both parts together.
  const at::Tensor mixed =
      at::scaled_dot_product_attention(query, key, by_head(value_up_(c), shape_.head), {}, 0.0, true);
  return out_(mixed.transpose(1, 2).contiguous().view({batch, length, -1}));
}

}  // namespace reprise
