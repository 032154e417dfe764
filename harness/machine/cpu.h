// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this machine's processor is, as the kernel tells it.
#include <string>
#include <vector>

namespace reprise {

struct Cpu {
  std::string architecture;        // "x86_64", "aarch64"
  std::string model;               // as /proc/cpuinfo names it; "" where it does not
  std::vector<std::string> flags;  // sorted
  int cores;                       // those this process may run on
};

Cpu this_cpu();
bool has_flag(const Cpu& cpu, std::string_view flag);

}  // namespace reprise
