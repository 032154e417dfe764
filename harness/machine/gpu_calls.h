// SPDX-License-Identifier: Apache-2.0
#pragma once
// The calls of NVIDIA's driver (libcuda) and of its management library (libnvidia-ml) that gpu.h is made of,
// declared by hand: their names, numbers and types are a stable binary interface. As tables of functions,
// so that a test can put its own in.
#include <array>
#include <cstddef>
#include <map>
#include <string>

#include "harness/machine/gpu.h"

namespace reprise {

// Every call gives 0 for success.
struct DriverCalls {
  int (*init)(unsigned flags) = nullptr;
  int (*version)(int* cuda) = nullptr;
  int (*count)(int* devices) = nullptr;
  int (*device)(int* handle, int index) = nullptr;
  int (*name)(char* text, int size, int handle) = nullptr;
  int (*uuid)(std::array<unsigned char, 16>* bytes, int handle) = nullptr;
  int (*attribute)(int* value, int which, int handle) = nullptr;
  int (*memory)(std::size_t* bytes, int handle) = nullptr;

  bool complete() const;
};

using ManagedDevice = void*;

// Any of these may be missing.
struct ManagementCalls {
  int (*init)() = nullptr;
  int (*driver_version)(char* text, unsigned size) = nullptr;
  int (*by_uuid)(const char* uuid, ManagedDevice* device) = nullptr;
  int (*clock)(ManagedDevice device, unsigned which, unsigned* megahertz) = nullptr;
  int (*power_state)(ManagedDevice device, int* state) = nullptr;
  int (*power)(ManagedDevice device, unsigned* milliwatts) = nullptr;
  int (*power_limit)(ManagedDevice device, unsigned* milliwatts) = nullptr;
  int (*temperature)(ManagedDevice device, unsigned sensor, unsigned* celsius) = nullptr;
  int (*throttling)(ManagedDevice device, unsigned long long* reasons) = nullptr;
};

// The list as these calls tell it.
GpuList list_gpus(const DriverCalls& driver, const ManagementCalls& management);
std::map<std::string, std::string> remarks_of(const ManagementCalls& management, const std::string& uuid);

// The calls of this machine's libraries, which stay open. Of `driver` none is there where libcuda.so.1 is
// not.
struct OpenedCalls {
  DriverCalls driver;
  ManagementCalls management;
};
const OpenedCalls& opened_calls();

// Why there is no libcuda.so.1, as far as the kernel tells: `kernel_driver` is the text of
// /proc/driver/nvidia/version, or "".
std::string no_driver(const std::string& kernel_driver);

}  // namespace reprise
