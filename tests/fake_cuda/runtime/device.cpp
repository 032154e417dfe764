// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/device.h"

#include <cstdio>
#include <cstdlib>

namespace reprise::fake_cuda {

std::string setting(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::vector<Device> devices_from_environment() {
  std::vector<Device> devices;
  const std::string text = setting("FAKE_CUDA_DEVICES", "9.0/4"), bytes = setting("FAKE_CUDA_MEMORY");
  if (text == "none") return devices;
  for (std::size_t at = 0; at < text.size();) {
    Device device;
    int read = 0;
    if (std::sscanf(text.c_str() + at, "%d.%d/%d%n", &device.major, &device.minor, &device.processors,
                    &read) != 3) {
      std::fprintf(stderr, "fake CUDA: wanted FAKE_CUDA_DEVICES like 9.0/132,7.5/40, found '%s'\n",
                   text.c_str());
      std::abort();
    }
    if (!bytes.empty()) device.memory = std::strtoull(bytes.c_str(), nullptr, 0);
    devices.push_back(device);
    at += static_cast<std::size_t>(read) + 1;
  }
  return devices;
}

}  // namespace reprise::fake_cuda
