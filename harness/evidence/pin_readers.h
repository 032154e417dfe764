// SPDX-License-Identifier: Apache-2.0
#pragma once
// What reads each pin. Equal bits under two values show something only if something read the value: on a CPU
// nobody asks for TF32, in a native recipe nobody for Python's hash seed. What is not certain to be read is
// no evidence that bits are equal; bits that move are a finding whatever reads the pin.
#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/cpu.h"
#include "harness/machine/facts.h"
#include "harness/plan/plan.h"

namespace reprise {

// Where a plan runs or ran, as far as it decides what reads a pin.
struct Host {
  std::string architecture;        // "x86_64", "aarch64"; "": unknown
  std::vector<std::string> flags;  // of the processor, sorted
  // What the run itself told; of a run that is still to come only the processor and the GPUs are known.
  bool observed = false;
  bool python = false;     // observed: a Python ran in it
  bool openblas = false;   // observed: it had OpenBLAS loaded
  bool gpu = false;        // observed: it used a GPU; else: there is one to use
  std::string capability;  // observed: the vector width that ATen took
  std::string gpu_name;    // observed: the card's UUID
};
Host host_of(const Facts& facts);
// A host of which nothing but the processor is known yet.
Host host_of(const Cpu& cpu, bool has_gpu);

// For people: "a GPU's cuDNN", "Python".
std::string_view readers_of(std::string_view pin);

// Why nothing reads the pin when the plan runs there, or "". Of a run that is still to come "" stands for
// "perhaps" too; of one that was observed only for "certainly read".
std::string unread_reason(const Plan& plan, std::string_view pin, const Host& host);

// Why equal bits of the two would show nothing: every pin in which the plans differ is read by nobody on
// either side, or has values that are one setting there. "" if something that is read differs, or nothing at
// all does.
std::string no_evidence(const Plan& a, const Host& on_a, const Plan& b, const Host& on_b);

}  // namespace reprise
