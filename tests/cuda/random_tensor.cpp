// SPDX-License-Identifier: Apache-2.0
#include "random_tensor.h"

#include <stdexcept>

namespace reprise::cuda {

RandomTensors::RandomTensors(std::uint64_t seed, std::size_t memory_bytes)
    : random_(seed), memory_(memory_bytes / sizeof(std::uint64_t)) {
  for (auto& word : memory_) word = random_();
}

RandomTensor RandomTensors::next(std::uint64_t bytes, bool row_major) {
  RandomTensor tensor{random_layout(random_, bytes, row_major)};
  const std::uint64_t room = memory_.size() * sizeof(std::uint64_t);
  if (tensor.span + 16 > room) throw std::runtime_error("the random tensor does not fit");
  std::uint64_t at = below(room - tensor.span);
  if (below(2) == 0) at -= at % (below(2) == 0 ? 16 : tensor.element_bytes);
  tensor.first_byte = reinterpret_cast<const std::byte*>(memory_.data()) + at;
  tensor.end_byte = tensor.first_byte + (tensor.empty ? 0 : tensor.span);
  tensor.data = tensor.first_byte + tensor.before;
  return tensor;
}

}  // namespace reprise::cuda
