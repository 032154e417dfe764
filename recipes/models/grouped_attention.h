// SPDX-License-Identifier: Apache-2.0
#pragma once
// Causal attention in which groups of query heads share one head of keys and values (GQA), with rotary
// positions; biases of the three projections and norms of queries and keys where the choices say so.
#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

struct GroupedShape {
  std::int64_t width, head;      // of the model; of one head
  std::int64_t heads, kv_heads;  // query heads; heads of keys and values, which divide them
  bool biased = false;           // a bias of queries, keys and values (Qwen2)
  bool normed = false;           // RMSNorm of each head's queries and keys before they are turned (OpenELM)
  double deviation = 0, epsilon = 0;  // of the initial weights; of the norms
};

class GroupedAttention : public Part {
 public:
  GroupedAttention(Parameters& made, const std::string& name, const GroupedShape& shape, Rotary rotary);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;

 private:
  GroupedShape shape_;
  Rotary rotary_;
  Projection query_, key_, value_, out_;
  RmsNorm query_norm_, key_norm_;
};

}  // namespace reprise
