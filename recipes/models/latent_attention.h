// SPDX-License-Identifier: Apache-2.0
#pragma once
// Multi-head latent attention (MLA, DeepSeek-V2 and V3): keys and values of all heads come out of one short
// vector per position, queries out of another. Positions are turned in numbers of their own, one such key for
// all heads: k = [W_UK c; RoPE(W_KR x)], v = W_UV c, q = [W_UQ c_q; RoPE(W_QR c_q)], c and c_q normed.
#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

struct LatentShape {
  std::int64_t width, head, turned;  // of the model; of a head without positions; of the part that is turned
  std::int64_t heads, kv_latent, q_latent;
  double deviation = 0, epsilon = 0;
};

class LatentAttention : public Part {
 public:
  // `rotary` turns `shape.turned` numbers.
  LatentAttention(Parameters& made, const std::string& name, const LatentShape& shape, Rotary rotary);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;

 private:
  LatentShape shape_;
  Rotary rotary_;
  Projection kv_down_, key_up_, key_turned_, value_up_, q_down_, query_up_, query_turned_, out_;
  RmsNorm kv_norm_, q_norm_;
};

}  // namespace reprise
