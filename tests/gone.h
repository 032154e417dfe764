// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a process that was killed is gone. A zombie is, too: an orphan may still wait for init to collect
// it.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace reprise {

inline bool is_gone(std::int64_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(stat), {}};
  const auto name_end = text.rfind(')');  // a name may hold anything
  return name_end == text.npos || text.compare(name_end, 3, ") Z") == 0;
}

// Looks again for a few seconds: the kernel ends a process when it comes to it.
inline bool is_gone_soon(std::int64_t process) {
  for (int i = 0; i < 5000 && !is_gone(process); ++i) ::usleep(1000);
  return is_gone(process);
}

}  // namespace reprise
