// SPDX-License-Identifier: Apache-2.0
#pragma once
// The device that is measured: its memory, its events and a session of the digest on it. Every error ends the
// program with a sentence, as an Error: a benchmark has nothing to fall back on.
#include <cuda_runtime_api.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/record/cuda/plugin.h"
#include "harness/tensor/digest.h"

namespace reprise {

// An Error that names the call.
void check_cuda(cudaError_t result, const char* call);

class Memory {
 public:
  explicit Memory(std::size_t bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  std::byte* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  void upload(const void* from, std::size_t bytes, std::size_t at = 0);
  // Every byte; done when it returns.
  void fill(int byte);

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_;
};

class Device {
 public:
  // Opens the digest's library on the device of this number; runs no self-test.
  explicit Device(int number, std::uint32_t lanes = REPRISE_CUDA_LANES_BY_WORK);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  cudaStream_t stream() const { return stream_; }
  int number() const { return number_; }
  const reprise_cuda_functions& digests() const { return *functions_; }
  reprise_cuda_session* session() const { return session_; }

  // Milliseconds of what `work` queues on stream(), by two events.
  double time(const std::function<void()>& work);
  std::uint64_t submit(std::span<const reprise_cuda_tensor> tensors, bool on_side = false);
  std::vector<Digest> collect(std::uint64_t ticket, std::size_t count);
  void expect(int code, const char* call) const;  // an Error with the library's own sentence
  mutable reprise_cuda_error error{};

 private:
  int number_;
  cudaStream_t stream_ = nullptr;
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
  const reprise_cuda_functions* functions_;
  reprise_cuda_session* session_ = nullptr;
};

// A tensor of one axis of float32 in the device's memory; it points into `shape`, which must outlive it.
struct Flat {
  std::int64_t shape, stride = 1;
};
reprise_cuda_tensor flat_tensor(const std::byte* data, const Flat& flat);

}  // namespace reprise
