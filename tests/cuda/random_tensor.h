// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tensors of random dtype, shape, strides, offset and alignment inside one block of random bytes.
#include <array>
#include <random>
#include <vector>

#include "fibers.h"
#include "harness/tensor/digest.h"

namespace reprise::cuda {

struct RandomTensor {
  const char* dtype = "";
  std::size_t element_bytes = 0;
  std::vector<std::int64_t> shape, strides;
  const std::byte* data = nullptr;  // element (0, 0, ...)
  const std::byte *first_byte = nullptr,
                  *end_byte = nullptr;  // the memory between its elements, them included

  TensorView view() const { return {dtype, shape, strides, data, element_bytes}; }
};

class RandomTensors {
 public:
  RandomTensors(std::uint64_t seed, std::size_t memory_bytes);
  // About `bytes` bytes of data: in row-major order, or with axes laid into memory in any order, turned
  // round, repeated, or with gaps. Half begin at a multiple of 16 or of their element, the others anywhere.
  RandomTensor next(std::uint64_t bytes, bool row_major);
  // A size whose logarithm is uniform in [first, last), or just beside a border of the format.
  std::uint64_t size(std::uint64_t first, std::uint64_t last);
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  // All that the tensors point into.
  const std::vector<std::uint64_t>& memory() const { return memory_; }

 private:
  void shape_of(RandomTensor& tensor, std::uint64_t elements);
  std::pair<std::int64_t, std::int64_t> lay(RandomTensor& tensor, bool row_major);

  std::mt19937_64 random_;
  std::vector<std::uint64_t> memory_;
};

}  // namespace reprise::cuda
