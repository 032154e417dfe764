// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gather.h>

#include <cmath>

#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/sums.h"

namespace reprise::fixed_order {
namespace {

template <double (*of_double)(double)>
at::Tensor by_double(const at::Tensor& values) {
  check_operands("exp and log", values.dim(), {values});
  const at::Tensor in_order = values.contiguous(), made = at::empty_like(in_order);
  const float* in = in_order.const_data_ptr<float>();
  float* out = made.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < in_order.numel(); ++i)
    out[i] = static_cast<float>(of_double(static_cast<double>(in[i])));
  return made;
}

at::Tensor below_largest(const at::Tensor& logits) {
  check_operands("softmax", 2, {logits});
  return logits - at::amax(logits, 1, /*keepdim=*/true);
}

}  // namespace

at::Tensor exp_by_double(const at::Tensor& values) { return by_double<std::exp>(values); }
at::Tensor log_by_double(const at::Tensor& values) { return by_double<std::log>(values); }

at::Tensor softmax(const at::Tensor& logits) {
  const at::Tensor powers = exp_by_double(below_largest(logits));
  return powers / sum_of_columns(powers).unsqueeze(1);
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor below = below_largest(logits);
  const at::Tensor whole = log_by_double(sum_of_columns(exp_by_double(below)));
  return mean_of(whole - at::gather(below, 1, labels.unsqueeze(1)).squeeze(1));
}

at::Tensor cross_entropy_gradient(const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor gradient = softmax(logits).contiguous(), right = labels.contiguous();
  const std::int64_t batch = logits.size(0), classes = logits.size(1);
  const auto factor = static_cast<float>(1.0 / static_cast<double>(batch));
  const auto* label = right.const_data_ptr<std::int64_t>();
  auto* out = gradient.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < batch; ++i) out[i * classes + label[i]] -= 1.0F;
  for (std::int64_t i = 0; i < batch * classes; ++i) out[i] *= factor;
  return gradient;
}

}  // namespace reprise::fixed_order
