// SPDX-License-Identifier: Apache-2.0
#pragma once
// Multi-head latent attention (MLA, DeepSeek-V2 and V3): keys and values of all heads come out of one short
// vector per position, queries out of another. Positions are turned in numbers of their own, one such key for
// all heads: k = [W_UK c; RoPE(W_KR x)], v = W_UV c, q = [W_UQ c_q; RoPE(W_QR c_q)], c and c_q normed.
//
// With clip_logits = tau (QK-Clip, Kimi K2, arXiv 2507.20534): where the largest attention logit of a head in
// the last training pass, S, was above tau, gamma = tau / S; W_UQ and W_UK of that head are multiplied by
// sqrt(gamma), W_QR by gamma, and the shared W_KR is left as it is, so that every logit of the head becomes
// gamma times what it was.
#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

struct LatentShape {
  std::int64_t width, head, turned;  // of the model; of a head without positions; of the part that is turned
  std::int64_t heads, kv_latent, q_latent;
  double clip_logits = 0;  // 0: they are not clipped
  double deviation = 0, epsilon = 0;
};

class LatentAttention : public Part {
 public:
  // `rotary` turns `shape.turned` numbers.
  LatentAttention(Parameters& made, const std::string& name, const LatentShape& shape, Rotary rotary);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;
  void updated() override;
  // NAME.largest_logit and NAME.gamma, [heads] each, of the last training pass; none without clip_logits.
  Tensors buffers() const override;

 private:
  void see_logits(const at::Tensor& query, const at::Tensor& key);
  std::string name_;
  LatentShape shape_;
  at::Tensor largest_, gamma_;
  Rotary rotary_;
  Projection kv_down_, key_up_, key_turned_, value_up_, q_down_, query_up_, query_turned_, out_;
  RmsNorm kv_norm_, q_norm_;
};

}  // namespace reprise
