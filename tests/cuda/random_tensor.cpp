// SPDX-License-Identifier: Apache-2.0
#include "random_tensor.h"

#include "harness/base/error.h"

namespace reprise::cuda {

RandomTensors::RandomTensors(std::uint64_t seed, std::size_t memory_bytes)
    : random_(seed), memory_(memory_bytes / sizeof(std::uint64_t)) {
  check(memory_bytes >= 64, "the largest element fits at any offset");
  for (auto& word : memory_) word = random_();
}

RandomTensor RandomTensors::next(std::uint64_t bytes, bool row_major) {
  const std::uint64_t room = memory_.size() * sizeof(std::uint64_t);
  RandomTensor tensor{random_layout(random_, bytes, row_major)};
  // Gaps between its elements make a layout up to 3^6 times as wide as they are large.
  for (; tensor.span + 16 > room; ++drawn_again_) {
    bytes /= 2;
    tensor = {random_layout(random_, bytes, row_major)};
  }
  std::uint64_t at = below(room - tensor.span);
  if (below(2) == 0) at -= at % (below(2) == 0 ? 16 : tensor.element_bytes);
  tensor.first_byte = reinterpret_cast<const std::byte*>(memory_.data()) + at;
  tensor.end_byte = tensor.first_byte + (tensor.empty ? 0 : tensor.span);
  tensor.data = tensor.first_byte + tensor.before;
  return tensor;
}

}  // namespace reprise::cuda
