// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tensors of random layout, offset and alignment, on the host and on the device.
#include <cstdint>
#include <vector>

#include "cuda/random_layout.h"
#include "fake_cuda/programs/plugin_session.h"

namespace reprise::fake_cuda {

using cuda::Random;

struct RandomTensor : cuda::RandomLayout {
  std::vector<std::byte> bytes{};  // everything that the tensor lies in, to its last byte
  std::size_t first = 0;           // where element (0, 0, ...) begins

  TensorView view() const;
  ContentDigest digest() const { return digest_of(view()); }
  // As the plugin takes it, with its bytes at `device`.
  reprise_cuda_tensor at(const void* device) const;
};

// Its elements take at most about `most_bytes`, and the memory it lies in four times that.
RandomTensor random_tensor(Random& random, std::size_t most_bytes);

void fill(std::vector<std::byte>& bytes, Random& random);

// Memory of the device that holds exactly a tensor's bytes, so that whatever lies beyond is out of bounds.
class DeviceCopy {
 public:
  explicit DeviceCopy(std::size_t bytes);
  ~DeviceCopy();
  DeviceCopy(const DeviceCopy&) = delete;
  DeviceCopy(DeviceCopy&& other) noexcept : data_(other.data_) { other.data_ = nullptr; }
  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
};

}  // namespace reprise::fake_cuda
