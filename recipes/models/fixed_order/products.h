// SPDX-License-Identifier: Apache-2.0
#pragma once
// Matrix products and linear layers whose bits are defined: per output sum = 0, then k ascending,
// sum = fma(a, b, sum); a bias is added afterwards, in an addition of its own. float32 on the CPU.
#include <ATen/core/Tensor.h>

namespace reprise::fixed_order {

// [m, k] x [k, n] -> [m, n]; any strides.
at::Tensor product(const at::Tensor& a, const at::Tensor& b);

// x: [batch, in], weight: [out, in], bias: [out] -> [batch, out].
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace reprise::fixed_order
