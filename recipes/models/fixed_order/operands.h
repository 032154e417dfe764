// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the kernels read: plain rows of float32 on the CPU, the last axis filled up with zeros to whole lanes.
// The lanes beyond the end are computed and thrown away.
#include <ATen/core/Tensor.h>

#include <initializer_list>

namespace reprise::fixed_order {

// An Error unless each is float32 on the CPU with `dimensions` axes.
void check_operands(const char* what, std::int64_t dimensions, std::initializer_list<at::Tensor> operands);

// Contiguous, its last axis a multiple of `lanes`.
at::Tensor in_lanes(const at::Tensor& values, std::int64_t lanes);

}  // namespace reprise::fixed_order
