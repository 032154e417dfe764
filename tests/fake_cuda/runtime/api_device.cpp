// SPDX-License-Identifier: Apache-2.0
// Entry points: devices, versions, errors.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>

#include "fake_cuda/runtime/runtime.h"

using namespace reprise::fake_cuda;

namespace {

constexpr int version = 13000, cores_threads = 2048;

const Device* device_of(Runtime& r, int number) {
  const bool known = number >= 0 && static_cast<std::size_t>(number) < r.devices.size();
  return known ? &r.devices[static_cast<std::size_t>(number)] : nullptr;
}

}  // namespace

FAKE_CUDA_API cudaError_t cudaGetDeviceCount(int* count) {
  return call("cudaGetDeviceCount", [&](Runtime& r) {
    *count = static_cast<int>(r.devices.size());
    return *count == 0 ? cudaErrorNoDevice : cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaGetDevice(int* device) {
  return call("cudaGetDevice", [&](Runtime& r) {
    *device = thread_state().device;
    return r.devices.empty() ? cudaErrorNoDevice : cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaSetDevice(int device) {
  return call("cudaSetDevice", [&](Runtime& r) {
    if (device_of(r, device) == nullptr) return cudaErrorInvalidDevice;
    thread_state().device = device;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDriverGetVersion(int* value) {
  return call("cudaDriverGetVersion", [&](Runtime& r) {
    *value = r.devices.empty() ? 0 : version;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaRuntimeGetVersion(int* value) {
  return call("cudaRuntimeGetVersion", [&](Runtime&) {
    *value = version;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int number) {
  return call("cudaGetDeviceProperties", [&](Runtime& r) {
    const Device* device = device_of(r, number);
    if (device == nullptr) return cudaErrorInvalidDevice;
    std::memset(static_cast<void*>(properties), 0, sizeof *properties);
    std::snprintf(properties->name, sizeof properties->name, "Fake device %d", number);
    std::memset(properties->uuid.bytes, number + 1, sizeof properties->uuid.bytes);
    properties->major = device->major;
    properties->minor = device->minor;
    properties->multiProcessorCount = device->processors;
    properties->totalGlobalMem = device->memory;
    properties->warpSize = 32;
    properties->maxThreadsPerBlock = 1024;
    properties->maxThreadsPerMultiProcessor = cores_threads;
    properties->maxThreadsDim[0] = properties->maxThreadsDim[1] = 1024;
    properties->maxThreadsDim[2] = 64;
    properties->maxGridSize[0] = 2147483647;
    properties->maxGridSize[1] = properties->maxGridSize[2] = 65535;
    properties->sharedMemPerBlock = properties->sharedMemPerBlockOptin = 48 << 10;
    properties->regsPerBlock = 65536;
    properties->textureAlignment = 512;
    properties->l2CacheSize = 4 << 20;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int number) {
  return call("cudaDeviceGetAttribute", [&](Runtime& r) {
    const Device* device = device_of(r, number);
    if (device == nullptr) return cudaErrorInvalidDevice;
    switch (attribute) {
      case cudaDevAttrComputeCapabilityMajor:
        *value = device->major;
        break;
      case cudaDevAttrComputeCapabilityMinor:
        *value = device->minor;
        break;
      case cudaDevAttrMultiProcessorCount:
        *value = device->processors;
        break;
      case cudaDevAttrMaxThreadsPerBlock:
        *value = 1024;
        break;
      case cudaDevAttrMaxThreadsPerMultiProcessor:
        *value = cores_threads;
        break;
      case cudaDevAttrWarpSize:
        *value = 32;
        break;
      default:
        *value = 0;
    }
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDeviceGetPCIBusId(char* text, int bytes, int number) {
  return call("cudaDeviceGetPCIBusId", [&](Runtime&) {
    std::snprintf(text, static_cast<std::size_t>(bytes), "0000:%02x:00.0", number + 1);
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  return call("cudaDeviceGetStreamPriorityRange", [&](Runtime&) {
    *least = 0;
    *greatest = -5;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDeviceCanAccessPeer(int* value, int, int) {
  return call("cudaDeviceCanAccessPeer", [&](Runtime&) {
    *value = 0;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaDeviceSynchronize() {
  return call("cudaDeviceSynchronize", [](Runtime& r) {
    if (r.streams.any_capture() && r.streams.unsafe(cudaStreamCaptureModeGlobal))
      return cudaErrorStreamCaptureUnsupported;
    r.streams.wait_all();
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaGetLastError() {
  const cudaError_t status = thread_state().last;
  if (runtime().lost == cudaSuccess) thread_state().last = cudaSuccess;
  return status;
}

FAKE_CUDA_API cudaError_t cudaPeekAtLastError() { return thread_state().last; }

FAKE_CUDA_API const char* cudaGetErrorName(cudaError_t status) {
  switch (status) {
    case cudaSuccess:
      return "cudaSuccess";
    case cudaErrorMemoryAllocation:
      return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidConfiguration:
      return "cudaErrorInvalidConfiguration";
    case cudaErrorNoDevice:
      return "cudaErrorNoDevice";
    case cudaErrorInvalidDevice:
      return "cudaErrorInvalidDevice";
    case cudaErrorNotReady:
      return "cudaErrorNotReady";
    case cudaErrorIllegalAddress:
      return "cudaErrorIllegalAddress";
    case cudaErrorMisalignedAddress:
      return "cudaErrorMisalignedAddress";
    case cudaErrorLaunchFailure:
      return "cudaErrorLaunchFailure";
    default:
      return "another cudaError";
  }
}

FAKE_CUDA_API const char* cudaGetErrorString(cudaError_t status) {
  if (status == cudaErrorMemoryAllocation) return "out of memory";
  thread_local char text[40];
  std::snprintf(text, sizeof text, "fake CUDA error %d", static_cast<int>(status));
  return text;
}

// LibTorch takes what it needs of the driver through this.
FAKE_CUDA_API cudaError_t cudaGetDriverEntryPointByVersion(const char* name, void** function, unsigned,
                                                           unsigned long long,
                                                           cudaDriverEntryPointQueryResult* found) {
  static void* const driver = dlopen("libcuda.so.1", RTLD_NOW);
  *function = driver == nullptr ? nullptr : dlsym(driver, name);
  if (found != nullptr)
    *found = *function == nullptr ? cudaDriverEntryPointSymbolNotFound : cudaDriverEntryPointSuccess;
  return cudaSuccess;
}
