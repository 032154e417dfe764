// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/products.h"

#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/lanes.h"
#include "recipes/models/fixed_order/operands.h"
#include "recipes/models/fixed_order/operator_call.h"

namespace reprise::fixed_order {
namespace {

at::Tensor make_product(const at::Tensor& a, const at::Tensor& b) {
  check_operands("matrix product", 2, {a, b});
  if (a.size(1) != b.size(0))
    fail("matrix product: wanted [m, k] and [k, n], found [{}, {}] and [{}, {}]", a.size(0), a.size(1),
         b.size(0), b.size(1));
  constexpr std::int64_t lanes = 32;
  const std::int64_t rows = a.size(0), depth = a.size(1), columns = b.size(1);
  const at::Tensor left = a.contiguous(), right = in_lanes(b, lanes),
                   made = at::empty({rows, columns}, at::kFloat);
  const float *x = left.const_data_ptr<float>(), *y = right.const_data_ptr<float>();
  float* out = made.mutable_data_ptr<float>();
  const std::int64_t width = right.size(1);
  over_outputs(
      rows, [=](std::int64_t from, std::int64_t to) __attribute__((always_inline)) {
        for (std::int64_t m = from; m < to; ++m)
          for (std::int64_t n = 0; n < columns; n += lanes) {
            Lanes<lanes> lane;
            for (std::int64_t k = 0; k < depth; ++k) lane.add(x[m * depth + k], y + k * width + n);
            const std::int64_t used = std::min(lanes, columns - n);
            for (std::int64_t i = 0; i < used; ++i) out[m * columns + n + i] = lane.sums[i];
          }
      });
  return made;
}

at::Tensor make_linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  return at::add(make_product(x, weight.t()), bias);
}

TORCH_LIBRARY_FRAGMENT(fixed_order, library) {
  library.def("product(Tensor a, Tensor b) -> Tensor", &Unseen<&make_product>::call);
  library.def("linear(Tensor x, Tensor weight, Tensor bias) -> Tensor", &Unseen<&make_linear>::call);
}

}  // namespace

at::Tensor product(const at::Tensor& a, const at::Tensor& b) {
  static const auto call = registered("fixed_order::product", make_product);
  return call.call(a, b);
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  static const auto call = registered("fixed_order::linear", make_linear);
  return call.call(x, weight, bias);
}

}  // namespace reprise::fixed_order
