// SPDX-License-Identifier: Apache-2.0
#include "recipes/models/fixed_order/lanes.h"

#include <atomic>

namespace reprise::fixed_order {
namespace {

std::atomic<bool> instruction_allowed{true};

bool has_instruction() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;  // where std::fma is an instruction, every kernel has it
#endif
}

}  // namespace

bool fuses_by_instruction() {
  static const bool has = has_instruction();
  return has && instruction_allowed;
}

void allow_fused_instruction(bool allowed) { instruction_allowed = allowed; }

}  // namespace reprise::fixed_order
