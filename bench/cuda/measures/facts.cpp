// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "bench/cuda/measure.h"

namespace reprise::measures {
namespace {

int attribute(cudaDeviceAttr which, int device) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, which, device), "cudaDeviceGetAttribute");
  return value;
}

Json run(Device& device, const Choices&) {
  cudaDeviceProp properties{};
  check_cuda(cudaGetDeviceProperties(&properties, device.number()), "cudaGetDeviceProperties");
  std::array<int, 2> versions{};
  check_cuda(cudaDriverGetVersion(&versions[0]), "cudaDriverGetVersion");
  check_cuda(cudaRuntimeGetVersion(&versions[1]), "cudaRuntimeGetVersion");
  const int number = device.number();
  Json facts;
  facts["device"] = properties.name;
  facts["compute_capability"] = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  facts["processors"] = properties.multiProcessorCount;
  facts["threads_per_processor"] = properties.maxThreadsPerMultiProcessor;
  facts["memory_bytes"] = properties.totalGlobalMem;
  facts["cache_bytes"] = properties.l2CacheSize;
  facts["memory_clock_khz"] = attribute(cudaDevAttrMemoryClockRate, number);
  facts["memory_bus_bits"] = attribute(cudaDevAttrGlobalMemoryBusWidth, number);
  facts["driver_supports_cuda"] = versions[0];
  facts["cuda_runtime"] = versions[1];
  return facts;
}

}  // namespace

extern const Measure facts{.summary = "what the device is", .run = run};

}  // namespace reprise::measures
