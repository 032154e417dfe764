// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/sums.h"

#include <ATen/ops/empty.h>

#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/operator_call.h"

namespace reprise::fixed_order {
namespace {

// Output o is the sum over outer i and inner j of values[i * outer_step + j * inner_step + o * step].
struct Reading {
  std::int64_t outer, outer_step, inner, inner_step, step;
};

at::Tensor summed(const at::Tensor& values, std::int64_t outputs, const Reading& how) {
  const at::Tensor in_order = values.contiguous(), made = at::empty({outputs}, at::kFloat);
  const float* in = in_order.const_data_ptr<float>();
  float* out = made.mutable_data_ptr<float>();
  const Reading w = how;
  over_outputs(
      outputs, [=](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t o = from; o < to; ++o) {
          float sum = 0;
          for (std::int64_t i = 0; i < w.outer; ++i)
            for (std::int64_t j = 0; j < w.inner; ++j)
              sum += in[i * w.outer_step + j * w.inner_step + o * w.step];
          out[o] = sum;
        }
      });
  return made;
}

at::Tensor make_sum_of_rows(const at::Tensor& values) {
  check_operands("sum of rows", 2, {values});
  const std::int64_t columns = values.size(1);
  return summed(values, columns, {values.size(0), columns, 1, 0, 1});
}

at::Tensor make_sum_of_columns(const at::Tensor& values) {
  check_operands("sum of columns", 2, {values});
  const std::int64_t columns = values.size(1);
  return summed(values, values.size(0), {columns, 1, 1, 0, columns});
}

at::Tensor make_sum_of_channels(const at::Tensor& values) {
  check_operands("sum of channels", 4, {values});
  const std::int64_t channels = values.size(1), area = values.size(2) * values.size(3);
  return summed(values, channels, {values.size(0), channels * area, area, 1, area});
}

at::Tensor make_mean_of(const at::Tensor& values) {
  check_operands("mean", 1, {values});
  const at::Tensor sum = summed(values, 1, {values.size(0), 1, 1, 0, 0});
  const auto factor = static_cast<float>(1.0 / static_cast<double>(values.size(0)));
  float* out = sum.mutable_data_ptr<float>();
  out[0] = factor * out[0];
  return sum.squeeze(0);
}

TORCH_LIBRARY_FRAGMENT(fixed_order, library) {
  library.def("sum_of_rows(Tensor values) -> Tensor", &Unseen<&make_sum_of_rows>::call);
  library.def("sum_of_columns(Tensor values) -> Tensor", &Unseen<&make_sum_of_columns>::call);
  library.def("sum_of_channels(Tensor values) -> Tensor", &Unseen<&make_sum_of_channels>::call);
  library.def("mean_of(Tensor values) -> Tensor", &Unseen<&make_mean_of>::call);
}

}  // namespace

at::Tensor sum_of_rows(const at::Tensor& values) {
  static const auto call = registered("fixed_order::sum_of_rows", make_sum_of_rows);
  return call.call(values);
}

at::Tensor sum_of_columns(const at::Tensor& values) {
  static const auto call = registered("fixed_order::sum_of_columns", make_sum_of_columns);
  return call.call(values);
}

at::Tensor sum_of_channels(const at::Tensor& values) {
  static const auto call = registered("fixed_order::sum_of_channels", make_sum_of_channels);
  return call.call(values);
}

at::Tensor mean_of(const at::Tensor& values) {
  static const auto call = registered("fixed_order::mean_of", make_mean_of);
  return call.call(values);
}

}  // namespace reprise::fixed_order
