// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/operands.h"

#include <ATen/ops/constant_pad_nd.h>

#include "harness/base/error.h"
#include "recipes/models/fixed_order/lanes.h"

namespace reprise::fixed_order {

void check_operands(const char* what, std::int64_t dimensions, std::initializer_list<at::Tensor> operands) {
  for (const auto& operand : operands) {
    if (operand.scalar_type() != at::kFloat || !operand.device().is_cpu())
      fail("{}: wanted float32 on the CPU, found {} on {}", what, c10::toString(operand.scalar_type()),
           operand.device().str());
    if (operand.dim() != dimensions) fail("{}: wanted {} axes, found {}", what, dimensions, operand.dim());
  }
}

at::Tensor in_lanes(const at::Tensor& values, std::int64_t lanes) {
  const std::int64_t length = values.size(-1);
  return at::constant_pad_nd(values, {0, whole_lanes(length, lanes) - length}).contiguous();
}

}  // namespace reprise::fixed_order
