// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/environment.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/machine/cpu.h"
#include "harness/plan/devices.h"

namespace reprise {
namespace {

// Where things are found on this machine, and nothing that a numeric library reads.
constexpr const char* inherited[] = {
    "PATH",           "HOME",         "TMPDIR",          "USER",
    "XDG_CACHE_HOME", "REPRISE_DATA", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"};

// The processor features that the values of a pin need, as /proc/cpuinfo spells them.
struct Need {
  std::string_view pin, value;
  std::vector<std::string_view> flags;
};

const std::vector<Need>& needs() {
  static const std::vector<Need> table = {
      {"isa", "avx2", {"avx2", "fma"}},
      {"isa", "avx512", {"avx512f", "avx512bw", "avx512dq", "avx512vl", "fma"}},
      {"mkl", "avx2", {"avx2", "fma"}},
      {"onednn", "sse41", {"sse4_1"}},
      {"onednn", "avx2", {"avx2", "fma"}},
      {"onednn", "avx512", {"avx512f", "avx512bw", "avx512dq", "avx512vl"}},
  };
  return table;
}

}  // namespace

std::map<std::string, std::string> run_environment(const Plan& plan) {
  // A short spin: OpenMP threads that wait give their core away, or several of them on a busy machine take
  // tens of times as long. It decides when they wake, not what they compute.
  std::map<std::string, std::string> variables{{"LC_ALL", "C"}, {"TZ", "UTC"}, {"GOMP_SPINCOUNT", "1000"}};
  for (const char* name : inherited)
    if (const std::string value = environment_text(name); !value.empty()) variables[name] = value;
  for (const auto& [name, value] : pin_environment(plan.pins)) variables[name] = value;
  return variables;
}

std::string cannot_run(const Plan& plan) {
  static const Cpu cpu = this_cpu();
  const bool emulated = plan.placement.cpu != Placement{}.cpu;  // then this processor's features tell nothing
  for (const auto& need : needs()) {
    if (emulated) break;
    if (pin_value(plan.pins, need.pin) != need.value) continue;
    for (const auto flag : need.flags)
      if (!has_flag(cpu, flag))
        return fmt::format("this processor ({}) has no {}, which {}={} needs",
                           cpu.model.empty() ? cpu.architecture : cpu.model, flag, need.pin, need.value);
  }
  // MKL is part of LibTorch on x86 alone; elsewhere its settings would be read by nobody.
  if (const std::string_view mkl = pin_value(plan.pins, "mkl");
      mkl != "default" && !mkl.empty() && !emulated && cpu.architecture != "x86_64")
    return fmt::format("there is no MKL on {}, which mkl={} needs", cpu.architecture, mkl);
  return no_device(plan);
}

}  // namespace reprise
