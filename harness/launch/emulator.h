// SPDX-License-Identifier: Apache-2.0
#pragma once
// A worker on a processor that is not here: QEMU's user mode translates its instructions, one program at a
// time. Which emulators there are, which processors they know, and what a plan's run is started with.
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process.h"
#include "harness/launch/launch.h"

namespace reprise {

struct Emulator {
  std::string architecture;  // "x86_64"
  std::filesystem::path program;
  std::string version;              // "qemu-x86_64 7.2.22"
  std::vector<std::string> models;  // sorted, as its `-cpu help` lists them
};

// Those in the folders "a:b:c", this machine's architecture first; one that does not answer is none.
std::vector<Emulator> emulators_on(std::string_view folders);

// Model names out of what `-cpu help` prints, of x86 and of ARM.
std::vector<std::string> models_listed(const std::string& printed);

// The emulator and the worker of a plan's run.
struct EmulatedRun {
  Emulator emulator;
  EmulatedCpu cpu;
  std::filesystem::path worker;   // "" where it is a command's own program
  std::filesystem::path sysroot;  // in which the guest finds its libraries; "": this machine's own
  // "qemu-x86_64 7.2.22, -cpu Haswell": for facts and people.
  std::string name() const;
};

// Either a run, or why there is none here; an Error for a processor that no emulator of this machine knows.
struct EmulationChoice {
  std::optional<EmulatedRun> run;
  std::string trouble;
};
EmulationChoice choose_emulation(const Plan& plan, const LaunchOptions& options,
                                 const std::vector<Emulator>& emulators);

// The same, of the emulators on PATH, which are asked once. Nothing of both for a plan for the machine's own
// processor.
EmulationChoice emulation_here(const Plan& plan, const LaunchOptions& options);

// Makes a worker's start one of the emulated worker: arguments[0] is replaced, and the guest is told its
// emulator.
void emulate(const EmulatedRun& run, ProcessStart& start);

// How an emulated run ended: a guest that ended on an instruction, or for want of a kernel, is one that this
// processor cannot do, and its notes name what of the processor QEMU left out, as its log tells.
Outcome emulated_outcome(Outcome outcome, const EmulatedRun& run, const std::filesystem::path& log);

// How long emulated runs may take, in one sentence; "" where none is emulated. `seconds`: of a run that was
// made on this processor, where there is one.
std::string emulation_forecast(const std::vector<Plan>& plans, std::optional<double> seconds);

}  // namespace reprise
