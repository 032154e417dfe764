// SPDX-License-Identifier: Apache-2.0
#pragma once
// 2-D convolutions of stride 1 and their gradients, whose bits are defined: each output is one sum of fused
// terms in the order told below, and a padded position is skipped, never added as a zero. float32 on the CPU.
// x: [batch, in, height, width], weight: [out, in, kernel, kernel], gradients g: [batch, out, ...].
#include <ATen/core/Tensor.h>

namespace reprise::fixed_order {

// Sum over input channel, kernel row, kernel column; then + bias, in an addition of its own.
at::Tensor conv2d(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                  std::int64_t padding);

// Of the input, [batch, in, height, width]: sum over output channel, kernel row, kernel column.
at::Tensor conv2d_input_gradient(const at::Tensor& g, const at::Tensor& weight, std::int64_t padding);

// Of the weight: sum over sample, output row, output column.
at::Tensor conv2d_weight_gradient(const at::Tensor& g, const at::Tensor& x, std::int64_t padding);

}  // namespace reprise::fixed_order
