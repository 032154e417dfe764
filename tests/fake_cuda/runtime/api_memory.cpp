// SPDX-License-Identifier: Apache-2.0
// Entry points: memory of the devices and of the host, copies and fills.
#include <cstring>

#include "fake_cuda/fault.h"
#include "fake_cuda/runtime/runtime.h"

using namespace reprise::fake_cuda;

namespace {

cudaError_t allocate(Runtime& r, void** out, std::size_t bytes) {
  *out = nullptr;
  const int number = thread_state().device;
  if (r.devices.empty()) return cudaErrorNoDevice;
  Device& device = r.devices[static_cast<std::size_t>(number)];
  if (bytes > device.memory - device.used) return cudaErrorMemoryAllocation;
  *out = r.memory.allocate(bytes, number);
  if (*out == nullptr) return cudaErrorMemoryAllocation;
  device.used += bytes;
  return cudaSuccess;
}

cudaError_t release(Runtime& r, void* address) {
  if (address == nullptr) return cudaSuccess;
  const int number = r.memory.device_of(address);
  const std::size_t bytes = r.memory.release(address);
  if (bytes == 0) return misuse("a free of what was not allocated, or was freed before");
  Device& device = r.devices[static_cast<std::size_t>(number)];
  device.used -= std::min(bytes, device.used);
  return cudaSuccess;
}

cudaError_t allocate_host(Runtime& r, void** out, std::size_t bytes) {
  if (r.streams.unsafe(thread_state().capture_mode)) return cudaErrorStreamCaptureUnsupported;
  *out = r.pinned.allocate(bytes);
  return *out == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
}

// Runs when its turn comes: the bytes are those of then.
void copy(Runtime& r, void* to, const void* from, std::size_t bytes, bool pinned_target) {
  const bool to_device = r.memory.is_device(to), from_device = r.memory.is_device(from);
  if (pinned_target && !r.pinned.holds(to))
    throw Fault("a copy to pinned memory that was freed in the meantime");
  if (to_device && from_device)
    r.memory.within(to, from, bytes);
  else if (to_device)
    r.memory.from_host(to, from, bytes);
  else if (from_device)
    r.memory.to_host(to, from, bytes);
  else
    std::memmove(to, from, bytes);
}

bool direction_fits(Runtime& r, const void* to, const void* from, cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return true;
  const bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  return to_device == r.memory.is_device(to) && from_device == r.memory.is_device(from);
}

// What a copy does to the host: a pageable source is read at the call, a pageable target is complete at
// return. In a capture both are read and written by each replay.
cudaError_t queue_copy(Runtime& r, Stream& stream, void* to, const void* from, std::size_t bytes,
                       cudaMemcpyKind kind) {
  if (bytes == 0) return cudaSuccess;
  if (!direction_fits(r, to, from, kind)) return misuse("a copy whose direction does not fit its addresses");
  const bool from_pageable = !r.memory.is_device(from) && !r.pinned.holds(from);
  const bool to_host = !r.memory.is_device(to), to_pinned = to_host && r.pinned.holds(to);
  const std::string name = "a copy of " + std::to_string(bytes) + " bytes";
  if (from_pageable && !stream.capture) {
    const auto* begin = static_cast<const std::byte*>(from);
    const auto taken = std::make_shared<std::vector<std::byte>>(begin, begin + bytes);
    return r.streams.queue(&stream, name,
                           [&r, to, taken, bytes] { copy(r, to, taken->data(), bytes, false); });
  }
  const auto status = r.streams.queue(
      &stream, name, [&r, to, from, bytes, to_pinned] { copy(r, to, from, bytes, to_pinned); });
  if (status == cudaSuccess && to_host && !to_pinned && !stream.capture) r.streams.wait(&stream);
  return status;
}

cudaError_t queue_fill(Runtime& r, Stream& stream, void* to, int value, std::size_t bytes) {
  if (bytes == 0) return cudaSuccess;
  return r.streams.queue(&stream, "a fill of " + std::to_string(bytes) + " bytes",
                         [&r, to, value, bytes] { r.memory.fill(to, value, bytes); });
}

}  // namespace

FAKE_CUDA_API cudaError_t cudaMalloc(void** out, size_t bytes) {
  return call("cudaMalloc", [&](Runtime& r) {
    if (r.streams.unsafe(thread_state().capture_mode)) return cudaErrorStreamCaptureUnsupported;
    return allocate(r, out, bytes);
  });
}

FAKE_CUDA_API cudaError_t cudaFree(void* address) {
  return call("cudaFree", [&](Runtime& r) {
    if (r.streams.unsafe(thread_state().capture_mode)) return cudaErrorStreamCaptureUnsupported;
    r.streams.wait_all();
    return release(r, address);
  });
}

FAKE_CUDA_API cudaError_t cudaMallocAsync(void** out, size_t bytes, cudaStream_t handle) {
  return call_with_stream("cudaMallocAsync", handle,
                          [&](Runtime& r, Stream&) { return allocate(r, out, bytes); });
}

FAKE_CUDA_API cudaError_t cudaFreeAsync(void* address, cudaStream_t handle) {
  return call_with_stream("cudaFreeAsync", handle, [&](Runtime& r, Stream& stream) {
    return r.streams.queue(&stream, "a free", [&r, address] { release(r, address); });
  });
}

FAKE_CUDA_API cudaError_t cudaHostAlloc(void** out, size_t bytes, unsigned) {
  return call("cudaHostAlloc", [&](Runtime& r) { return allocate_host(r, out, bytes); });
}

FAKE_CUDA_API cudaError_t cudaMallocHost(void** out, size_t bytes) {
  return call("cudaMallocHost", [&](Runtime& r) { return allocate_host(r, out, bytes); });
}

FAKE_CUDA_API cudaError_t cudaFreeHost(void* address) {
  return call("cudaFreeHost", [&](Runtime& r) {
    r.streams.wait_all();
    return r.pinned.release(address) ? cudaSuccess : misuse("a cudaFreeHost of what is not pinned");
  });
}

FAKE_CUDA_API cudaError_t cudaHostRegister(void* address, size_t bytes, unsigned) {
  return call("cudaHostRegister", [&](Runtime& r) {
    r.pinned.add(address, bytes);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaHostUnregister(void* address) {
  return call("cudaHostUnregister", [&](Runtime& r) {
    r.streams.wait_all();
    return r.pinned.release(address) ? cudaSuccess : misuse("a cudaHostUnregister of what is not registered");
  });
}

FAKE_CUDA_API cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                                          cudaStream_t handle) {
  return call_with_stream("cudaMemcpyAsync", handle, [&](Runtime& r, Stream& stream) {
    return queue_copy(r, stream, to, from, bytes, kind);
  });
}

FAKE_CUDA_API cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  return call_with_stream("cudaMemcpy", nullptr, [&](Runtime& r, Stream& stream) {
    if (r.streams.unsafe(thread_state().capture_mode)) return cudaErrorStreamCaptureUnsupported;
    const cudaError_t status = queue_copy(r, stream, to, from, bytes, kind);
    if (status == cudaSuccess) r.streams.wait(&stream);
    return status;
  });
}

FAKE_CUDA_API cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t handle) {
  return call_with_stream("cudaMemsetAsync", handle, [&](Runtime& r, Stream& stream) {
    return queue_fill(r, stream, to, value, bytes);
  });
}

FAKE_CUDA_API cudaError_t cudaMemset(void* to, int value, size_t bytes) {
  return call_with_stream("cudaMemset", nullptr, [&](Runtime& r, Stream& stream) {
    return queue_fill(r, stream, to, value, bytes);
  });
}

FAKE_CUDA_API cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  return call("cudaMemGetInfo", [&](Runtime& r) {
    if (r.devices.empty()) return cudaErrorNoDevice;
    const Device& device = r.devices[static_cast<std::size_t>(thread_state().device)];
    *free = device.memory - device.used;
    *total = device.memory;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* address) {
  return call("cudaPointerGetAttributes", [&](Runtime& r) {
    std::memset(static_cast<void*>(attributes), 0, sizeof *attributes);
    const bool on_device = r.memory.is_device(address), pinned = r.pinned.holds(address);
    attributes->type = on_device ? cudaMemoryTypeDevice
                       : pinned  ? cudaMemoryTypeHost
                                 : cudaMemoryTypeUnregistered;
    attributes->device = on_device ? r.memory.device_of(address) : 0;
    attributes->devicePointer = on_device ? const_cast<void*>(address) : nullptr;
    attributes->hostPointer = pinned ? const_cast<void*>(address) : nullptr;
    return cudaSuccess;
  });
}
