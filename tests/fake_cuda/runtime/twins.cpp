// SPDX-License-Identifier: Apache-2.0
#include "fake_cuda/runtime/twins.h"

#include <cstring>

namespace reprise::fake_cuda {

std::function<void()> twin_of(Runtime& runtime, const std::string& kernel, void** arguments) {
  // vectorized_elementwise_kernel<N, FillFunctor<long>, std::array<char*, 1>>(int count, long value, address)
  if (kernel.find("vectorized_elementwise_kernel") == std::string::npos ||
      kernel.find("FillFunctorIlE") == std::string::npos)
    return nullptr;
  int count = 0;
  std::int64_t value = 0;
  std::byte* to = nullptr;
  std::memcpy(&count, arguments[0], sizeof count);
  std::memcpy(&value, arguments[1], sizeof value);
  std::memcpy(&to, arguments[2], sizeof to);
  return [&runtime, count, value, to] {
    for (int i = 0; i < count; ++i) runtime.memory.from_host(to + 8 * i, &value, sizeof value);
  };
}

}  // namespace reprise::fake_cuda
