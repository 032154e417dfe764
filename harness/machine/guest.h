// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether this process runs on a processor that a program emulates, and what that processor says of itself.
// Under user mode /proc/cpuinfo is the real machine's, so that it must not be believed.
#include <string>
#include <vector>

namespace reprise {

// The variable by which a launcher tells a worker the emulator's own name and version.
inline constexpr const char* emulator_variable = "REPRISE_EMULATOR";

// "QEMU (TCG)" where the processor names its emulator, or /proc/cpuinfo is of another architecture than this
// program;
// "" where nothing tells of one.
std::string emulator_of_this_process();

// As CPUID or the kernel's auxiliary vector tell, not /proc/cpuinfo. The flags are those that numeric
// libraries ask for, sorted, spelled as the kernel spells them.
std::string guest_model();
std::vector<std::string> guest_flags();

}  // namespace reprise
