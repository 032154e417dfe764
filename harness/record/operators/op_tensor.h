// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tensor of an operator call as a trace keeps it.
#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/trace/op_call.h"

namespace reprise {

// Memory of its own that can be read as it lies, wherever that is.
bool is_plain(const at::Tensor& tensor);
// Plain memory on the CPU that can be read as it lies.
bool is_observable(const at::Tensor& tensor);
// Plain memory on a device that digests it.
bool is_observable_there(const at::Tensor& tensor);

// `marked`: what is known besides; content is digested unless the tensor is smaller than `min_elements`. That
// of a device's tensor is asked for in `wanted` instead: its digest comes later.
struct WantedDigest {
  std::size_t place;  // among the inputs or the outputs of a call
  TensorView view;    // valid as long as the tensor
  c10::Device device;
};
OpTensor op_tensor_of(const at::Tensor& tensor, Seen marked, std::int64_t min_elements, std::size_t place,
                      std::vector<WantedDigest>& wanted);

}  // namespace reprise
