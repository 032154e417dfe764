// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/emulator.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"
#include "harness/launch/time_left.h"
#include "harness/launch/worker_torch.h"
#include "harness/machine/cpu.h"
#include "harness/machine/guest.h"
#include "harness/watch/quiet_run.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// "qemu-x86_64 7.2.22" of "qemu-x86_64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)".
std::string version_in(const std::string& printed) {
  const auto words = split(printed.substr(0, printed.find('\n')), ' ');
  return words.size() >= 3 && words[1] == "version" ? words[0] + " " + words[2] : "";
}

std::optional<Emulator> emulator_for(const std::string& architecture, std::string_view folders) {
  const auto program = find_program("qemu-" + architecture, folders);
  if (!program) return std::nullopt;
  const Said version = run_quietly({program->string(), "--version"}, {}, "/");
  const Said help = run_quietly({program->string(), "-cpu", "help"}, {}, "/");
  Emulator emulator{architecture, *program, version_in(version.text), models_listed(help.text)};
  // The list of processors ends with exit code 1.
  if (!version.well || emulator.version.empty() || emulator.models.empty()) return std::nullopt;
  return emulator;
}

bool knows(const Emulator& emulator, const std::string& model) {
  return std::ranges::binary_search(emulator.models, model);
}

// Of the architecture that the plan names, or of the first that has the model.
const Emulator* emulator_of(const EmulatedCpu& cpu, const std::vector<Emulator>& emulators) {
  for (const auto& one : emulators) {
    const bool wanted = cpu.architecture.empty() || cpu.architecture == one.architecture;
    if (wanted && knows(one, model_name(cpu))) return &one;
  }
  return nullptr;
}

[[noreturn]] void refuse_model(const EmulatedCpu& cpu, const std::vector<Emulator>& emulators) {
  std::vector<std::string> known, lists;
  for (const auto& one : emulators) {
    if (!cpu.architecture.empty() && cpu.architecture != one.architecture) continue;
    known.insert(known.end(), one.models.begin(), one.models.end());
    lists.push_back(fmt::format("`{} -cpu help`", one.program.filename().string()));
  }
  const auto near = nearest(model_name(cpu), known);
  fail("no processor named '{}'{} {} what there is", model_name(cpu),
       near ? fmt::format("; did you mean '{}'?", *near) : std::string(";"),
       join(lists, " and ") + (lists.size() == 1 ? " lists" : " list"));
}

// Where `scripts/setup.sh --aarch64` and the preset of that name leave it: beside the folder of this build.
fs::path foreign_worker(const std::string& architecture) {
  return (program_folder() / "../.." / ("build-" + architecture) / "bin/reprise-worker").lexically_normal();
}

bool is_native(const std::string& architecture) { return architecture == this_cpu().architecture; }

// The beginning of a program that QEMU can start itself; a script's interpreter it leaves to the system.
bool is_program(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string magic(4, '\0');
  return in.read(magic.data(), 4) && magic ==
                                         "\x7f"
                                         "ELF";
}

// A command's own program is emulated, and all that it forks; what it starts anew is not, and says so.
EmulationChoice of_command(const Plan& plan, const Emulator& emulator, const EmulatedCpu& cpu) {
  const std::string& word = plan.command->words.front();
  const auto untested = [&](const std::string& why) {
    return EmulationChoice{{}, fmt::format("cpu={} {}", plan.placement.cpu, why)};
  };
  if (!is_native(emulator.architecture))
    return untested(
        fmt::format("needs a Python for {}, and the recorder for its torch, which is built for this "
                    "machine's processor alone",
                    emulator.architecture));
  if (plan.placement.ranks > 1)
    return untested("is for one process: a launcher starts ranks anew, on this machine's own processor");
  const bool named = word.find('/') != word.npos;
  const auto program = named ? std::optional(fs::path(plan.command->folder) / word)
                             : find_program(word, environment_text("PATH"));
  if (program && fs::exists(*program) && !is_program(*program))
    return untested(
        fmt::format("needs a command that begins with a program, such as python: {} is a script, "
                    "whose interpreter the system starts, on this machine's own processor",
                    program->string()));
  return {EmulatedRun{emulator, cpu, {}, {}}, ""};
}

}  // namespace

std::vector<std::string> models_listed(const std::string& printed) {
  std::set<std::string> models;
  for (const auto& line : split(printed, '\n')) {
    if (line.starts_with("Recognized CPUID flags")) break;
    std::string_view rest = trim(line);
    if (rest.starts_with("x86 ")) rest = trim(rest.substr(4));
    // A heading ends with a colon; a model's line begins with white space, or with "x86".
    const bool listed = line.starts_with(" ") || line.starts_with("x86 ");
    const std::string name(rest.substr(0, rest.find(' ')));
    if (listed && !name.empty() && name.back() != ':') models.insert(name);
  }
  return {models.begin(), models.end()};
}

std::vector<Emulator> emulators_on(std::string_view folders) {
  std::vector<std::string> architectures = {"x86_64", "aarch64"};
  if (is_native("aarch64")) std::ranges::reverse(architectures);
  std::vector<Emulator> found;
  for (const auto& architecture : architectures)
    if (auto one = emulator_for(architecture, folders)) found.push_back(std::move(*one));
  return found;
}

std::string EmulatedRun::name() const { return fmt::format("{}, -cpu {}", emulator.version, cpu.model); }

EmulationChoice choose_emulation(const Plan& plan, const LaunchOptions& options,
                                 const std::vector<Emulator>& emulators) {
  const auto cpu = emulated_cpu(plan.placement.cpu);
  if (!cpu) return {};
  if (pin_value(plan.pins, "device") != "cpu")
    return {{}, fmt::format("cpu={} has no GPU: QEMU emulates a processor alone", plan.placement.cpu)};
  const bool any = std::ranges::any_of(emulators, [&](const Emulator& one) {
    return cpu->architecture.empty() || one.architecture == cpu->architecture;
  });
  if (!any)
    return {
        {},
        fmt::format(
            "cpu={} needs QEMU's user mode, and there is no qemu-{} on PATH; install the package qemu-user",
            plan.placement.cpu, cpu->architecture.empty() ? this_cpu().architecture : cpu->architecture)};
  const Emulator* emulator = emulator_of(*cpu, emulators);
  if (emulator == nullptr) refuse_model(*cpu, emulators);
  if (plan.command) return of_command(plan, *emulator, *cpu);
  if (is_native(emulator->architecture))
    return {EmulatedRun{*emulator, *cpu, worker_of(worker_for(plan, options)), {}}, ""};
  const fs::path worker = foreign_worker(emulator->architecture);
  if (!can_be_started(worker))
    return {{},
            fmt::format(
                "cpu={} needs a worker for {}, and there is none at {}; make it with scripts/setup.sh --{}",
                plan.placement.cpu, emulator->architecture, worker.string(), emulator->architecture)};
  return {EmulatedRun{*emulator, *cpu, worker, worker.parent_path().parent_path() / "sysroot"}, ""};
}

EmulationChoice emulation_here(const Plan& plan, const LaunchOptions& options) {
  if (!emulated_cpu(plan.placement.cpu)) return {};
  static std::map<std::string, std::vector<Emulator>> known;
  const std::string path = environment_text("PATH");
  const auto found = known.find(path);
  return choose_emulation(plan, options,
                          found != known.end() ? found->second : known[path] = emulators_on(path));
}

void emulate(const EmulatedRun& run, ProcessStart& start) {
  std::vector<std::string> words{run.emulator.program.string(), "-cpu", run.cpu.model};
  if (!run.sysroot.empty()) {
    words.insert(words.end(), {"-L", run.sysroot.string()});
    // It leads to libraries for this machine's processor.
    start.environment.erase("LD_LIBRARY_PATH");
  }
  // The emulator is a program of this machine, and would load it too.
  if (const auto preload = start.environment.find("LD_PRELOAD"); preload != start.environment.end()) {
    if (preload->second.find(',') != std::string::npos)
      fail("wanted paths without a comma, which QEMU would cut, found LD_PRELOAD '{}'; move reprise",
           preload->second);
    words.insert(words.end(), {"-E", "LD_PRELOAD=" + preload->second});
    start.environment.erase(preload);
  }
  words.push_back(run.worker.empty() ? start.arguments.front() : run.worker.string());
  start.arguments.erase(start.arguments.begin());
  start.arguments.insert(start.arguments.begin(), words.begin(), words.end());
  start.environment[emulator_variable] = run.name();
}

Outcome emulated_outcome(Outcome outcome, const EmulatedRun& run, const fs::path& log) {
  constexpr std::string_view left_out = "TCG doesn't support requested feature: ";
  std::vector<std::string> lacking;
  if (fs::is_regular_file(log))
    for (const auto& line : split(read_file(log, "log"), '\n'))
      if (const auto at = line.find(left_out); at != line.npos) {
        const std::string feature = line.substr(at + left_out.size());
        lacking.push_back(feature.substr(0, feature.find(' ')));
      }
  if (!lacking.empty())
    outcome.notes.push_back(fmt::format("{} leaves out {} of what the processor of that name has: {}",
                                        run.name(), lacking.size(), join(lacking, ", ")));
  if (outcome.done()) return outcome;
  const bool cannot = outcome.reason.find("SIGILL") != outcome.reason.npos ||
                      outcome.reason.find("could not create a primitive") != outcome.reason.npos;
  if (cannot) outcome.ending = Ending::skipped;
  outcome.reason = fmt::format("emulated by {}: {}", run.name(), outcome.reason);
  return outcome;
}

std::string emulation_forecast(const std::vector<Plan>& plans, std::optional<double> seconds) {
  // Measured on one AMD machine with QEMU 7.2: 27 times for 20 steps, 86 times on training alone.
  constexpr double least = 27, most = 86;
  const auto emulated = static_cast<double>(
      std::ranges::count_if(plans, [](const Plan& plan) { return plan.placement.cpu != "host"; }));
  if (emulated == 0) return "";
  std::string text = fmt::format(
      "{} of {} runs are emulated, which takes about {} to {} times as long as on this processor (an "
      "estimate, from "
      "other runs on another machine)",
      emulated, plans.size(), least, most);
  if (seconds)
    text += fmt::format("; this recipe took {} here, so expect {} to {} for these on one core",
                        duration_words(*seconds), duration_words(*seconds * least * emulated),
                        duration_words(*seconds * most * emulated));
  return text;
}

}  // namespace reprise
