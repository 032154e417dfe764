// SPDX-License-Identifier: Apache-2.0
#pragma once
// A TensorProto of ONNX as a tensor: its values are raw bytes, numbers in a field of their own type, or bytes
// in a file beside the model.
#include <filesystem>
#include <functional>
#include <string>

#include "harness/checkpoint/checkpoint_file.h"

namespace reprise {

// The bytes of a file that a model names, once it was found to lie beside it.
using OpenBeside = std::function<Kept(const std::string& location)>;

// Adds the tensor; counts it as opaque if its elements are texts, or narrower than a byte. Broken if its
// shape and values do not fit each other.
void add_onnx_tensor(CheckpointFile& found, const Kept& message, const OpenBeside& open);

}  // namespace reprise
