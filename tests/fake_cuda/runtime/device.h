// SPDX-License-Identifier: Apache-2.0
#pragma once
// The devices that the fake run-time library shows. FAKE_CUDA_DEVICES lists them as
// capability/multiprocessors, so "9.0/132,7.5/40" are two; "none" is a machine without one. FAKE_CUDA_MEMORY
// is the bytes that each of them has.
#include <cstddef>
#include <string>
#include <vector>

namespace reprise::fake_cuda {

struct Device {
  int major = 9, minor = 0, processors = 4;
  std::size_t memory = 8ULL << 30, used = 0;  // bytes
};

std::vector<Device> devices_from_environment();

// An environment variable, or what it is when not set.
std::string setting(const char* name, const std::string& otherwise = "");

}  // namespace reprise::fake_cuda
