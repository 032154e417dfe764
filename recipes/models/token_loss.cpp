// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/token_loss.h"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/logsumexp.h>

namespace reprise {

at::Tensor token_loss(const at::Tensor& logits, const at::Tensor& targets) {
  return at::cross_entropy_loss(logits.flatten(0, 1), targets.flatten());
}

at::Tensor z_loss(const at::Tensor& logits) {
  const at::Tensor wide = logits.scalar_type() == at::kBFloat16 ? logits.to(at::kFloat) : logits;
  return at::logsumexp(wide, -1).square().mean();
}

}  // namespace reprise
