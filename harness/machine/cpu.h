// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the processor of this process is, as the kernel tells it, or, where it is emulated, as it says itself.
#include <string>
#include <vector>

namespace reprise {

struct Cpu {
  std::string architecture;        // "x86_64", "aarch64"
  std::string model;               // as /proc/cpuinfo names it; "" where it does not
  std::vector<std::string> flags;  // sorted
  int cores;                       // those this process may run on
  std::string emulator = {};       // what emulates it; "": nothing that tells
  // Of an emulated one: the processor that the kernel tells of, which the emulator runs on.
  std::string host_model = {};
  std::vector<std::string> host_flags = {};
};

Cpu this_cpu();
bool has_flag(const Cpu& cpu, std::string_view flag);

}  // namespace reprise
