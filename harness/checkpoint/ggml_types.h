// SPDX-License-Identifier: Apache-2.0
#pragma once
// The element types of ggml, by their numbers in a GGUF file.
#include <cstdint>
#include <optional>
#include <string_view>

namespace reprise {

// So many elements of a row lie in a block of so many bytes; a plain type has blocks of one element, and the
// dtype that safetensors knows.
struct GgmlType {
  std::string_view dtype;
  std::uint64_t elements, bytes;
};
std::optional<GgmlType> ggml_type(std::uint32_t number);

}  // namespace reprise
