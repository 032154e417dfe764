// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/broken.h"

#include "harness/tensor/safetensors.h"

namespace reprise {

std::uint64_t bytes_of_tensor(std::string_view name, std::string_view dtype,
                              std::span<const std::int64_t> shape) {
  constexpr std::size_t most_axes = 63;
  const std::uint64_t element_bits = bits_of(dtype);
  if (element_bits == 0) broken("the tensor '{}' has the unknown dtype '{}'", shown(name), shown(dtype));
  if (shape.size() > most_axes)
    broken("the tensor '{}' has {} axes, more than {}", shown(name), shape.size(), most_axes);
  std::uint64_t bits = element_bits;
  for (const std::int64_t size : shape)
    if (size < 0 || __builtin_mul_overflow(bits, static_cast<std::uint64_t>(size), &bits))
      broken("the tensor '{}' has a shape that cannot be", shown(name));
  if (bits % 8 != 0) broken("the tensor '{}' does not fill its last byte", shown(name));
  return bits / 8;
}

std::string shown(std::string_view name) {
  constexpr std::size_t longest = 200;
  std::string text;
  for (const char c : name.substr(0, longest))
    text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return name.size() > longest ? text + "..." : text;
}

}  // namespace reprise
