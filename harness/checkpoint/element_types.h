// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the formats call their element types, as safetensors names them.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

// "FloatStorage" or "float32" of torch to "F32"; empty for one that has no name in safetensors.
std::string_view dtype_of_storage(std::string_view torch_storage);
std::string_view dtype_of_torch(std::string_view torch_dtype);

// "<f4" of numpy. Big-endian elements are told apart: `swapped` is how many bytes are turned round at a time.
struct NumpyType {
  std::string_view dtype;
  std::size_t swapped = 0;
};
std::optional<NumpyType> dtype_of_numpy(std::string_view description);

}  // namespace reprise
