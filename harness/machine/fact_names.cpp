// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/fact_names.h"

namespace reprise {
namespace {

constexpr FactPrefix table[] = {
    {"arithmetic.", FactOf::choice, "how the processor and the C library round"},
    {"command.", FactOf::run, "the program of a command"},
    {"cpu.", FactOf::machine, "the processor"},
    {"cpu.capability", FactOf::choice, "the vector width that ATen took"},
    {"cuda.", FactOf::run, "CUDA's libraries, as the run loaded them"},
    {"digest.", FactOf::run, "where digests were made"},
    {"git.", FactOf::run, "the state of the script's folder"},
    {"gpu.", FactOf::machine, "the GPU and its driver"},
    {"gpu.index", FactOf::choice, "the number of the GPU that was chosen"},
    {"kernel.", FactOf::machine, "the operating system"},
    {"kernels.", FactOf::run, "who told which CUDA kernels ran"},
    {"libc.", FactOf::machine, "the C library"},
    {"library.", FactOf::machine, "a shared library, by digest"},
    // A new build of the same reprise makes no other machine.
    {"library.libreprise", FactOf::choice, "reprise's own library"},
    {"library.reprise", FactOf::choice, "reprise's own library"},
    {"libtorch.", FactOf::machine, "LibTorch"},
    {"libtorch.build", FactOf::choice, "LibTorch's description of itself, which names choices"},
    {"module.", FactOf::run, "a module of Python that the script used"},
    {"package.", FactOf::machine, "a package of Python"},
    {"python.", FactOf::run, "Python"},
    {"python.version", FactOf::machine, "Python's version"},
    {"reprise.", FactOf::machine, "reprise"},
    {"variable.", FactOf::run, "a variable of the environment"},
};

}  // namespace

std::span<const FactPrefix> fact_table() { return table; }

FactOf fact_of(std::string_view name) {
  const FactPrefix* best = nullptr;
  for (const auto& one : table)
    if (name.starts_with(one.begins) && (best == nullptr || one.begins.size() > best->begins.size()))
      best = &one;
  return best == nullptr ? FactOf::run : best->of;
}

}  // namespace reprise
