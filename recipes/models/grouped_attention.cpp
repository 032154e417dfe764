// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/grouped_attention.h"

#include <ATen/ops/scaled_dot_product_attention.h>

#include "harness/base/error.h"
#include "harness/record/operators/op_tracer.h"

namespace reprise {
namespace {

// [batch, kv_heads, length, head] -> [batch, kv_heads * times, length, head]: head h of the result is head
// h / times. Backward adds each group up by one sum.
at::Tensor repeated(const at::Tensor& x, std::int64_t times) {
  if (times == 1) return x;
  return x.unsqueeze(2).expand({-1, -1, times, -1, -1}).flatten(1, 2);
}

}  // namespace

GroupedAttention::GroupedAttention(Parameters& made, const std::string& name, const GroupedShape& shape,
                                   Rotary rotary)
    : shape_(shape), rotary_(std::move(rotary)) {
  if (shape.kv_heads < 1 || shape.heads < 1 || shape.heads % shape.kv_heads != 0)
    fail("wanted heads that kv_heads divides, found heads={} and kv_heads={}", shape.heads, shape.kv_heads);
  const std::int64_t shared = shape.kv_heads * shape.head;
  query_ =
      Projection(made, name + ".q", shape.width, shape.heads * shape.head, shape.deviation, shape.biased);
  key_ = Projection(made, name + ".k", shape.width, shared, shape.deviation, shape.biased);
  value_ = Projection(made, name + ".v", shape.width, shared, shape.deviation, shape.biased);
  out_ = Projection(made, name + ".o", shape.heads * shape.head, shape.width, shape.deviation);
  if (!shape.normed) return;
  query_norm_ = RmsNorm(made, name + ".q_norm", shape.head, shape.epsilon);
  key_norm_ = RmsNorm(made, name + ".k_norm", shape.head, shape.epsilon);
}

at::Tensor GroupedAttention::operator()(const at::Tensor& x, Pass& /*pass*/) {
  const Scope scope("attn");
  const std::int64_t batch = x.size(0), length = x.size(1);
  const auto by_head = [&](const at::Tensor& all) {
    return all.view({batch, length, -1, shape_.head}).transpose(1, 2);
  };
  at::Tensor query = by_head(query_(x)), key = by_head(key_(x));
  if (shape_.normed) {
    query = query_norm_(query);
    key = key_norm_(key);
  }
  const std::int64_t group = shape_.heads / shape_.kv_heads;
  const at::Tensor mixed = at::scaled_dot_product_attention(
      rotary_(query), repeated(rotary_(key), group), repeated(by_head(value_(x)), group), {}, 0.0, true);
  return out_(mixed.transpose(1, 2).contiguous().view({batch, length, -1}));
}

}  // namespace reprise
