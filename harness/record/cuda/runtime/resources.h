// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the CUDA run-time library lends: memory, streams, events, the current device. Each is given back when
// its owner goes; giving back cannot fail in a way that anyone could act on.
//
// All of the library that is called, here and in launch.cu, so that another libcudart.so.13 can stand in for
// it:
//   cudaGetDeviceCount cudaGetDevice cudaSetDevice cudaDeviceGetAttribute cudaDeviceGetStreamPriorityRange
//   cudaDriverGetVersion cudaRuntimeGetVersion cudaGetLastError cudaGetErrorName cudaGetErrorString
//   cudaMalloc cudaFree cudaHostAlloc cudaFreeHost cudaMemcpyAsync cudaMemsetAsync
//   cudaStreamCreateWithPriority cudaStreamDestroy cudaStreamSynchronize cudaStreamWaitEvent
//   cudaStreamIsCapturing cudaEventCreateWithFlags cudaEventDestroy cudaEventRecord cudaEventQuery
//   cudaEventSynchronize cudaLaunchKernel
// and what nvcc adds by itself: __cudaRegisterFatBinary, __cudaRegisterFatBinaryEnd,
// __cudaUnregisterFatBinary,
// __cudaRegisterFunction, __cudaInitModule, __cudaPushCallConfiguration, __cudaPopCallConfiguration,
// __cudaGetKernel,
// __cudaLaunchKernel.
#include <cuda_runtime_api.h>

#include <string>
#include <utility>

#include "harness/record/cuda/layout.h"

namespace reprise::cuda {

// Throws a Failure if a call did not succeed: `wanted` is what it was for, as in "wanted to copy the
// digests". The library's memory of the error is wiped, so that nobody else takes it for theirs.
void demand(cudaError_t status, const std::string& wanted);

// A code of plugin.h.
int code_of(cudaError_t status);

// The calling thread's current device, for as long as this lives.
class CurrentDevice {
 public:
  explicit CurrentDevice(int device);
  ~CurrentDevice();
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;

 private:
  int before_ = 0, now_;
};

// Memory of the device, or of the host with its pages pinned. reserve() keeps what is large enough and loses
// the content otherwise.
enum class Kind { device, pinned };

template <Kind kind>
class Memory {
 public:
  Memory() = default;
  ~Memory() { release(); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  Memory(Memory&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

  bool holds(u64 bytes) const { return bytes <= bytes_; }
  void reserve(u64 bytes);
  template <class Type = void>
  Type* as() const {
    return static_cast<Type*>(data_);
  }

 private:
  void release();
  void* data_ = nullptr;
  u64 bytes_ = 0;
};

class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
  cudaEvent_t handle() const { return event_; }

 private:
  cudaEvent_t event_ = nullptr;
};

// A stream of lowest priority that the legacy default stream does not wait for.
class SideStream {
 public:
  SideStream();
  ~SideStream();
  SideStream(const SideStream&) = delete;
  SideStream& operator=(const SideStream&) = delete;
  cudaStream_t handle() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

}  // namespace reprise::cuda
