// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gather.h>

#include <cmath>

#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/operator_call.h"
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

at::Tensor make_exp_by_double(const at::Tensor& values) { return by_double<std::exp>(values); }
at::Tensor make_log_by_double(const at::Tensor& values) { return by_double<std::log>(values); }

at::Tensor make_softmax(const at::Tensor& logits) {
  const at::Tensor powers = make_exp_by_double(below_largest(logits));
  return powers / sum_of_columns(powers).unsqueeze(1);
}

at::Tensor make_cross_entropy(const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor below = below_largest(logits);
  const at::Tensor whole = make_log_by_double(sum_of_columns(make_exp_by_double(below)));
  return mean_of(whole - at::gather(below, 1, labels.unsqueeze(1)).squeeze(1));
}

at::Tensor make_cross_entropy_gradient(const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor gradient = make_softmax(logits).contiguous(), right = labels.contiguous();
  const std::int64_t batch = logits.size(0), classes = logits.size(1);
  const auto factor = static_cast<float>(1.0 / static_cast<double>(batch));
  const auto* label = right.const_data_ptr<std::int64_t>();
  auto* out = gradient.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < batch; ++i) out[i * classes + label[i]] -= 1.0F;
  for (std::int64_t i = 0; i < batch * classes; ++i) out[i] *= factor;
  return gradient;
}

TORCH_LIBRARY_FRAGMENT(fixed_order, library) {
  library.def("exp_by_double(Tensor values) -> Tensor", &Unseen<&make_exp_by_double>::call);
  library.def("log_by_double(Tensor values) -> Tensor", &Unseen<&make_log_by_double>::call);
  library.def("softmax(Tensor logits) -> Tensor", &Unseen<&make_softmax>::call);
  library.def("cross_entropy(Tensor logits, Tensor labels) -> Tensor", &Unseen<&make_cross_entropy>::call);
  library.def("cross_entropy_gradient(Tensor logits, Tensor labels) -> Tensor",
              &Unseen<&make_cross_entropy_gradient>::call);
}

}  // namespace

at::Tensor exp_by_double(const at::Tensor& values) {
  static const auto call = registered("fixed_order::exp_by_double", make_exp_by_double);
  return call.call(values);
}

at::Tensor log_by_double(const at::Tensor& values) {
  static const auto call = registered("fixed_order::log_by_double", make_log_by_double);
  return call.call(values);
}

at::Tensor softmax(const at::Tensor& logits) {
  static const auto call = registered("fixed_order::softmax", make_softmax);
  return call.call(logits);
}

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels) {
  static const auto call = registered("fixed_order::cross_entropy", make_cross_entropy);
  return call.call(logits, labels);
}

at::Tensor cross_entropy_gradient(const at::Tensor& logits, const at::Tensor& labels) {
  static const auto call = registered("fixed_order::cross_entropy_gradient", make_cross_entropy_gradient);
  return call.call(logits, labels);
}

}  // namespace reprise::fixed_order
