// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two array files that published data comes in: NumPy's .npy and MNIST's idx. Both are checked: a file of
// another type or size is an Error with its name.
#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>

namespace reprise {

// Version 1 or 2, C order, '<f8' or '<i8'. Returns F64 or I64, of the file's shape.
at::Tensor read_npy(std::string_view content, std::string_view name);
// Unsigned bytes of any number of dimensions. Returns U8, of the file's shape.
at::Tensor read_idx(std::string_view content, std::string_view name);

}  // namespace reprise
