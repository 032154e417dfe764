// SPDX-License-Identifier: Apache-2.0
#pragma once
// Lightning attention (MiniMax-01): linear attention with a decay per head and layer, o_t = q_t S_t with
// S_t = decay * S_(t-1) + k_t^T v_t, computed in blocks: inside one by the left product [(Q K^T) . M] V,
// between them by the state S, which is kept in float32 at least. The size of a block changes the order of
// sums, so it is a parameter of the recipe. Queries, keys and values pass through SiLU; the heads' output is
// normed and gated.
#include "recipes/models/decoder_parts.h"

namespace reprise {

struct LightningShape {
  std::int64_t width, head, heads;
  std::int64_t block;                  // positions of a block
  std::int64_t layer = 0, layers = 1;  // which of the decoder's layers it is, of how many
  double deviation = 0, epsilon = 0;
};

class LightningAttention : public Part {
 public:
  LightningAttention(Parameters& made, const Setup& setup, const std::string& name,
                     const LightningShape& shape);
  at::Tensor operator()(const at::Tensor& x, Pass& pass) override;

 private:
  at::Tensor in_blocks(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) const;
  LightningShape shape_;
  Projection query_, key_, value_, gate_, out_;
  RmsNorm norm_;
  at::Tensor powers_;  // [heads, block + 1]: decay to the power of 0, 1, ..., block
  at::Tensor mask_;    // [heads, block, block]: decay to the power of i - j, 0 where j > i
};

// The decay of a head in a layer, both from 0: exp(-r) with r = 2^(-8 (head + 1) / heads) times what is left
// of the decoder, 1 - layer / (layers - 1 + 1e-5) + 1e-5. Deeper layers forget less.
double lightning_decay(const LightningShape& shape, std::int64_t head);

}  // namespace reprise
