// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tensors of random layout, offset and alignment inside one block of random bytes.
#include "harness/tensor/digest.h"
#include "random_layout.h"

namespace reprise::cuda {

struct RandomTensor : RandomLayout {
  const std::byte* data = nullptr;  // element (0, 0, ...)
  const std::byte *first_byte = nullptr,
                  *end_byte = nullptr;  // the memory between its elements, them included

  TensorView view() const { return {dtype, shape, strides, data, element_bytes}; }
};

class RandomTensors {
 public:
  RandomTensors(std::uint64_t seed, std::size_t memory_bytes);
  // As random_layout() has it. Half begin at a multiple of 16 or of their element, the others anywhere. A
  // layout that is wider than all the memory is drawn again with half the bytes.
  RandomTensor next(std::uint64_t bytes, bool row_major);
  std::uint64_t size(std::uint64_t first, std::uint64_t last) { return random_size(random_, first, last); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  // All that the tensors point into.
  const std::vector<std::uint64_t>& memory() const { return memory_; }
  std::uint64_t drawn_again() const { return drawn_again_; }

 private:
  Random random_;
  std::vector<std::uint64_t> memory_;
  std::uint64_t drawn_again_ = 0;
};

}  // namespace reprise::cuda
