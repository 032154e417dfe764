// SPDX-License-Identifier: Apache-2.0
#pragma once
// From LibTorch's tensors to digests. Reads the tensor's memory as it lies there: no operator runs, no copy
// is made, nothing that the training could notice. Tensors on a CUDA device are digested there
// (device_digest.h).
#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>

#include "harness/record/state.h"
#include "harness/trace/trace.h"

namespace reprise {

// The safetensors name of a number format: "F32". An Error for one that safetensors has no name for
// (quantized).
std::string_view dtype_name(at::ScalarType type);
bool has_dtype_name(at::ScalarType type);
// The other way round.
at::ScalarType scalar_type_of(std::string_view dtype);

// The tensor's memory, valid while the tensor lives and keeps its shape. `name` is for the Error about a
// tensor that has no plain memory on the CPU: undefined, sparse, on another device, or one that is conjugated
// or negated lazily.
TensorView view_of(const at::Tensor& tensor, std::string_view name);

// The same for a tensor on any device: `data` may be an address that the host cannot read.
TensorView device_view_of(const at::Tensor& tensor, std::string_view name);

TensorDigest named_digest(std::string name, const TensorView& tensor);
// These wait for a device whose tensors they digest.
TensorDigest digest_of(const NamedTensor& named);
std::vector<TensorDigest> digests_of(const Tensors& tensors);

// The state of LibTorch's generator on the CPU, as "torch.cpu".
TensorDigest generator_digest();

// The loss as its raw bits; an Error unless it is one element of F32, F64, BF16 or F16.
Loss loss_of(const TensorView& loss);
Loss loss_of(const at::Tensor& loss);

}  // namespace reprise
