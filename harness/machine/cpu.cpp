// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/cpu.h"

#include <sched.h>
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "harness/base/text.h"
#include "harness/machine/guest.h"

namespace reprise {

Cpu this_cpu() {
  Cpu cpu;
  utsname kernel{};
  uname(&kernel);
  cpu.architecture = kernel.machine;
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto key = trim(std::string_view(line).substr(0, colon));
    const auto value = trim(std::string_view(line).substr(colon + 1));
    if (key == "model name" && cpu.model.empty()) cpu.model = value;
    if ((key == "flags" || key == "Features") && cpu.flags.empty()) cpu.flags = split(value, ' ');
  }
  std::sort(cpu.flags.begin(), cpu.flags.end());
  cpu.emulator = emulator_of_this_process();
  if (!cpu.emulator.empty()) {
    cpu.host_model = std::exchange(cpu.model, guest_model());
    cpu.host_flags = std::exchange(cpu.flags, guest_flags());
  }
  cpu_set_t mine;
  CPU_ZERO(&mine);
  cpu.cores = sched_getaffinity(0, sizeof mine, &mine) == 0 ? std::max(1, CPU_COUNT(&mine)) : 1;
  return cpu;
}

bool has_flag(const Cpu& cpu, std::string_view flag) {
  return std::binary_search(cpu.flags.begin(), cpu.flags.end(), flag, std::less<>{});
}

}  // namespace reprise
