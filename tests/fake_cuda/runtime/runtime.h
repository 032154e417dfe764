// SPDX-License-Identifier: Apache-2.0
#pragma once
// The state behind the entry points of the fake libcudart.so.13, and what each of them begins with.
//
// Set from outside, by environment variables:
//   FAKE_CUDA_SEED     order in which queued work runs, and the schedule of kernels; default 1
//   FAKE_CUDA_ORDER    drawn (default): work runs at any time allowed; late: only when it is waited for
//   FAKE_CUDA_DEVICES, FAKE_CUDA_MEMORY   see device.h
//   FAKE_CUDA_FAIL     api:nth:code, so cudaMalloc:2:2 lets the second cudaMalloc answer
//   cudaErrorMemoryAllocation FAKE_CUDA_SUMMARY  a file that gets, at the end of the process, counts of
//   calls, launches and what was left over FAKE_CUDA_LOG      any value: each call and each piece of work
//   that runs, on stderr
#include <cuda_runtime_api.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "fake_cuda/runtime/device.h"
#include "fake_cuda/runtime/memory.h"
#include "fake_cuda/runtime/stream.h"

#define FAKE_CUDA_API extern "C" __attribute__((visibility("default")))

namespace reprise::fake_cuda {

struct Runtime {
  Runtime();

  std::recursive_mutex mutex;
  std::vector<Device> devices;
  DeviceMemory memory;
  PinnedMemory pinned;
  Streams streams;
  std::vector<std::unique_ptr<Event>> events;
  std::vector<std::unique_ptr<Graph>> graphs;  // both kinds
  cudaError_t lost = cudaSuccess;              // an error that every later call repeats
  std::map<std::string, int> calls;
  std::uint64_t launches = 0, instructions = 0;
  bool log = false;

  std::string fail_name;  // from FAKE_CUDA_FAIL
  int fail_at = 0, fail_code = 0;
};

// Never destroyed: libraries call in while the process ends.
Runtime& runtime();

// Of the calling thread.
struct ThreadState {
  int device = 0;
  cudaError_t last = cudaSuccess;
  cudaStreamCaptureMode capture_mode = cudaStreamCaptureModeGlobal;
};
ThreadState& thread_state();

// Remembers an error as cudaGetLastError gives it, and passes it on.
cudaError_t remembered(cudaError_t status);
// A mistake of the caller that a real device need not notice: said on stderr, and an error.
cudaError_t misuse(const std::string& sentence);

// Says whether the call goes on: counts it, and answers an injected error or that of a lost device.
cudaError_t entered(Runtime& runtime, const char* name);

// The frame of an entry point: one call at a time, counted, with the error remembered.
template <class Body>
cudaError_t call(const char* name, Body body) {
  Runtime& r = runtime();
  const std::lock_guard lock(r.mutex);
  if (const cudaError_t status = entered(r, name)) return remembered(status);
  r.streams.tick();
  const cudaError_t status = body(r);
  return remembered(status != cudaSuccess ? status : r.lost);
}

// The same for a call that needs a stream; one that does not exist is a misuse.
template <class Body>
cudaError_t call_with_stream(const char* name, cudaStream_t handle, Body body) {
  return call(name, [&](Runtime& r) {
    Stream* stream = r.streams.find(handle, thread_state().device);
    if (stream == nullptr) {
      misuse(std::string(name) + " with a stream that does not exist, or was destroyed");
      return cudaErrorInvalidResourceHandle;
    }
    return body(r, *stream);
  });
}

}  // namespace reprise::fake_cuda
