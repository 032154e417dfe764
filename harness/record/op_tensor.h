// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tensor of an operator call as a trace keeps it.
#include <ATen/core/Tensor.h>

#include <cstdint>

#include "harness/trace/op_call.h"

namespace reprise {

// Plain memory on the CPU that can be read as it lies.
bool is_observable(const at::Tensor& tensor);

// `marked`: what is known besides; content is digested unless the tensor is smaller than `min_elements`.
OpTensor op_tensor_of(const at::Tensor& tensor, Seen marked, std::int64_t min_elements);

}  // namespace reprise
