// SPDX-License-Identifier: Apache-2.0
#pragma once
// The losses of next tokens: cross-entropy, and the z-loss, which keeps the logits' normalizer near one.
#include <ATen/core/Tensor.h>

namespace reprise {

// Mean cross-entropy in nats, one element. logits: [batch, length, vocabulary], targets: [batch, length].
at::Tensor token_loss(const at::Tensor& logits, const at::Tensor& targets);

// The mean of log(sum over the vocabulary of exp(logit))^2, one element; in float32 where logits are
// bfloat16.
at::Tensor z_loss(const at::Tensor& logits);

}  // namespace reprise
