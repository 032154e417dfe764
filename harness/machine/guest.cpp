// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/guest.h"

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "harness/base/text.h"

#if defined(__x86_64__)
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

namespace reprise {
namespace {

#if defined(__x86_64__)

struct Registers {
  std::uint32_t a = 0, b = 0, c = 0, d = 0;
};

Registers cpuid(std::uint32_t leaf) {
  Registers r;
  __cpuid_count(leaf, 0, r.a, r.b, r.c, r.d);
  return r;
}

void append(std::string& text, std::uint32_t word) {
  for (int byte = 0; byte < 4; ++byte) text += static_cast<char>(word >> (8 * byte) & 0xff);
}

enum class Word { c1, d1, b7, c7 };

struct Flag {
  const char* name;
  Word word;
  int bit;
};

constexpr Flag x86_flags[] = {
    {"avx", Word::c1, 28},      {"avx2", Word::b7, 5},         {"avx512bw", Word::b7, 30},
    {"avx512cd", Word::b7, 28}, {"avx512dq", Word::b7, 17},    {"avx512f", Word::b7, 16},
    {"avx512vl", Word::b7, 31}, {"avx512_vnni", Word::c7, 11}, {"bmi1", Word::b7, 3},
    {"bmi2", Word::b7, 8},      {"f16c", Word::c1, 29},        {"fma", Word::c1, 12},
    {"movbe", Word::c1, 22},    {"pni", Word::c1, 0},          {"popcnt", Word::c1, 23},
    {"sse", Word::d1, 25},      {"sse2", Word::d1, 26},        {"sse4_1", Word::c1, 19},
    {"sse4_2", Word::c1, 20},   {"ssse3", Word::c1, 9},
};

#else

// Of <asm/hwcap.h>, whose numbers are the kernel's interface.
struct Flag {
  const char* name;
  unsigned long bit;
};

constexpr Flag arm_flags[] = {{"asimd", 1UL << 1},     {"asimddp", 1UL << 20}, {"asimdhp", 1UL << 10},
                              {"asimdrdm", 1UL << 12}, {"fp", 1UL << 0},       {"fphp", 1UL << 9},
                              {"sve", 1UL << 22}};

bool cpuinfo_is_foreign() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("vendor_id") || line.starts_with("flags")) return true;
  return false;
}

#endif

}  // namespace

#if defined(__x86_64__)

std::string emulator_of_this_process() {
  const Registers hypervisor = cpuid(0x40000000);
  std::string name;
  for (const auto word : {hypervisor.b, hypervisor.c, hypervisor.d}) append(name, word);
  // The bit says whether the leaf means anything.
  const bool told = (cpuid(1).c >> 31 & 1) != 0;
  return told && name == "TCGTCGTCGTCG" ? "QEMU (TCG)" : "";
}

std::string guest_model() {
  if (cpuid(0x80000000).a < 0x80000004) return "";
  std::string text;
  for (std::uint32_t leaf = 0x80000002; leaf <= 0x80000004; ++leaf) {
    const Registers r = cpuid(leaf);
    for (const auto word : {r.a, r.b, r.c, r.d}) append(text, word);
  }
  return std::string(trim(text.substr(0, text.find('\0'))));
}

std::vector<std::string> guest_flags() {
  const Registers one = cpuid(1), seven = cpuid(0).a >= 7 ? cpuid(7) : Registers{};
  std::vector<std::string> names;
  for (const auto& flag : x86_flags) {
    const std::uint32_t word = flag.word == Word::c1   ? one.c
                               : flag.word == Word::d1 ? one.d
                               : flag.word == Word::b7 ? seven.b
                                                       : seven.c;
    if (word >> flag.bit & 1) names.emplace_back(flag.name);
  }
  std::ranges::sort(names);
  return names;
}

#else

std::string emulator_of_this_process() { return cpuinfo_is_foreign() ? "QEMU (TCG)" : ""; }

std::string guest_model() { return ""; }

std::vector<std::string> guest_flags() {
  std::vector<std::string> names;
  const unsigned long present = ::getauxval(AT_HWCAP);
  for (const auto& flag : arm_flags)
    if (present & flag.bit) names.emplace_back(flag.name);
  std::ranges::sort(names);
  return names;
}

#endif

}  // namespace reprise
