// SPDX-License-Identifier: Apache-2.0
// Entry points: registration of kernels, and their launches.
#include <cstdio>
#include <cstring>

#include "fake_cuda/fault.h"
#include "fake_cuda/ptx_launch.h"
#include "fake_cuda/runtime/fat_binary.h"
#include "fake_cuda/runtime/runtime.h"
#include "fake_cuda/runtime/twins.h"

using namespace reprise::fake_cuda;

namespace {

struct Registered {
  std::string name;
  FatBinary* binary;
};

// Libraries register while they are loaded, in any order of static objects.
std::map<const void*, Registered>& registered() {
  static auto* const all = new std::map<const void*, Registered>;
  return *all;
}

struct Configuration {
  dim3 grid, block;
  size_t shared;
  cudaStream_t stream;
};

std::vector<Configuration>& configurations() {
  thread_local std::vector<Configuration> open;
  return open;
}

bool fits(dim3 grid, dim3 block, size_t shared, const Kernel& kernel) {
  constexpr std::size_t most_shared = 48 << 10;
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  return grid.x != 0 && grid.y != 0 && grid.z != 0 && grid.x <= 2147483647U && grid.y <= 65535 &&
         grid.z <= 65535 && threads != 0 && threads <= kernel.most_threads && block.z <= 64 &&
         shared + kernel.shared_bytes <= most_shared;
}

const Kernel* kernel_of(Runtime& r, const Registered& function) {
  const Device& device = r.devices[static_cast<std::size_t>(thread_state().device)];
  return function.binary->kernel(function.name, static_cast<unsigned>(10 * device.major + device.minor));
}

cudaError_t queue_launch(Runtime& r, Stream& stream, const Kernel& kernel, Launch launch) {
  ++r.launches;
  const int device = stream.device;
  launch.seed = r.streams.random()() | 1;
  return r.streams.queue(&stream, "kernel " + kernel.name, [&r, &kernel, launch, device] {
    KernelMemory memory(r.memory, device);
    r.instructions += run(kernel, launch, memory);
  });
}

cudaError_t launch(const char* api, const void* function, dim3 grid, dim3 block, void** arguments,
                   size_t shared, cudaStream_t handle) {
  return call_with_stream(api, handle, [&](Runtime& r, Stream& stream) {
    if (r.devices.empty()) return cudaErrorNoDevice;
    const auto found = registered().find(function);
    if (found == registered().end()) return cudaErrorInvalidDeviceFunction;
    const Kernel* kernel = nullptr;
    try {
      kernel = kernel_of(r, found->second);
    } catch (const Fault& fault) {
      std::fprintf(stderr, "fake CUDA: %s\n", fault.what());
      return cudaErrorInvalidPtx;
    }
    if (kernel == nullptr) {
      if (auto twin = twin_of(r, found->second.name, arguments)) {
        ++r.launches;
        return r.streams.queue(&stream, "a twin of " + found->second.name, std::move(twin));
      }
      std::fprintf(stderr, "fake CUDA: no readable PTX for %s\n", found->second.name.c_str());
      return cudaErrorNoKernelImageForDevice;
    }
    if (!fits(grid, block, shared, *kernel)) return cudaErrorInvalidConfiguration;
    Launch one;
    one.grid = {grid.x, grid.y, grid.z};
    one.block = {block.x, block.y, block.z};
    one.dynamic_shared = shared;
    one.parameters.resize(kernel->parameter_bytes);
    for (std::size_t i = 0; i < kernel->parameters.size(); ++i)
      std::memcpy(one.parameters.data() + kernel->parameters[i].offset, arguments[i],
                  kernel->parameters[i].bytes);
    return queue_launch(r, stream, *kernel, std::move(one));
  });
}

}  // namespace

FAKE_CUDA_API void** __cudaRegisterFatBinary(void* wrapper) {
  std::vector<PtxText> texts;
  try {
    texts = ptx_texts(wrapper);
  } catch (const Fault& fault) {
    std::fprintf(stderr, "fake CUDA: %s\n", fault.what());
  }
  return reinterpret_cast<void**>(new FatBinary(std::move(texts)));
}

FAKE_CUDA_API void __cudaRegisterFatBinaryEnd(void**) {}
FAKE_CUDA_API void __cudaUnregisterFatBinary(void**) {}
FAKE_CUDA_API char __cudaInitModule(void**) { return 1; }
FAKE_CUDA_API void __cudaRegisterVar(void**, char*, char*, const char*, int, size_t, int, int) {}

FAKE_CUDA_API void __cudaRegisterFunction(void** binary, const char* host, char*, const char* name, int,
                                          uint3*, uint3*, dim3*, dim3*, int*) {
  registered()[host] = {name, reinterpret_cast<FatBinary*>(binary)};
}

FAKE_CUDA_API unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, size_t shared,
                                                   cudaStream_t stream) {
  configurations().push_back({grid, block, shared, stream});
  return 0;
}

FAKE_CUDA_API cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, size_t* shared, void* stream) {
  if (configurations().empty()) return cudaErrorMissingConfiguration;
  const Configuration one = configurations().back();
  configurations().pop_back();
  *grid = one.grid;
  *block = one.block;
  *shared = one.shared;
  std::memcpy(stream, &one.stream, sizeof one.stream);
  return cudaSuccess;
}

FAKE_CUDA_API cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* function) {
  *kernel = reinterpret_cast<cudaKernel_t>(const_cast<void*>(function));
  return cudaSuccess;
}

FAKE_CUDA_API cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments,
                                             size_t shared, cudaStream_t stream) {
  return launch("__cudaLaunchKernel", kernel, grid, block, arguments, shared, stream);
}

FAKE_CUDA_API cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments,
                                           size_t shared, cudaStream_t stream) {
  return launch("cudaLaunchKernel", function, grid, block, arguments, shared, stream);
}

FAKE_CUDA_API cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* how, const void* function,
                                              void** arguments) {
  return launch("cudaLaunchKernelExC", function, how->gridDim, how->blockDim, arguments,
                how->dynamicSmemBytes, how->stream);
}

FAKE_CUDA_API cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void*) {
  return call("cudaFuncGetAttributes", [&](Runtime&) {
    std::memset(static_cast<void*>(attributes), 0, sizeof *attributes);
    attributes->maxThreadsPerBlock = 1024;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaFuncSetAttribute(const void*, cudaFuncAttribute, int) {
  return call("cudaFuncSetAttribute", [](Runtime&) { return cudaSuccess; });
}

FAKE_CUDA_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int,
                                                                        size_t) {
  return call("cudaOccupancyMaxActiveBlocksPerMultiprocessor", [&](Runtime&) {
    *blocks = 2;
    return cudaSuccess;
  });
}

FAKE_CUDA_API cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void*,
                                                                                 int, size_t, unsigned) {
  return call("cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", [&](Runtime&) {
    *blocks = 2;
    return cudaSuccess;
  });
}
