// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/programs/random_tensor.h"

#include <algorithm>

namespace reprise::fake_cuda {

void fill(std::vector<std::byte>& bytes, Random& random) {
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
}

RandomTensor random_tensor(Random& random, std::size_t most_bytes) {
  cuda::RandomLayout layout;
  do layout = cuda::random_layout(random, cuda::random_size(random, 1, most_bytes), random() % 2 == 0);
  while (layout.span > 4 * most_bytes + 64);  // gaps within gaps
  RandomTensor tensor{layout};
  // Any alignment of the address, not only one that fits the element.
  const std::size_t lead = random() % 3 == 0 ? random() % 32 : 16 * (random() % 3);
  tensor.first = lead + (layout.empty ? 0 : layout.before);
  tensor.bytes.resize(std::max<std::size_t>(lead + (layout.empty ? 0 : layout.span), 1));
  fill(tensor.bytes, random);
  return tensor;
}

TensorView RandomTensor::view() const { return {dtype, shape, strides, bytes.data() + first, element_bytes}; }

reprise_cuda_tensor RandomTensor::at(const void* device) const {
  return {static_cast<const std::byte*>(device) + first,
          dtype,
          shape.data(),
          strides.data(),
          static_cast<std::uint32_t>(shape.size()),
          static_cast<std::uint32_t>(element_bytes)};
}

DeviceCopy::DeviceCopy(std::size_t bytes) { own(cudaMalloc(&data_, bytes), "cudaMalloc"); }

DeviceCopy::~DeviceCopy() {
  if (data_ != nullptr) static_cast<void>(cudaFree(data_));
}

}  // namespace reprise::fake_cuda
