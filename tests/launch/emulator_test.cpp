// SPDX-License-Identifier: Apache-2.0
// Runs on emulated processors: which emulator and worker a plan takes, how its end is told, and what stays
// untested.
#include "harness/launch/emulator.h"

#include <cstdlib>

#include "harness/base/program_search.h"
#include "harness/machine/cpu.h"
#include "harness/machine/guest.h"
#include "launch/fake_worker.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

constexpr const char* x86_list =
    "Available CPUs:\n"
    "x86 486                   (alias configured by machine type)\n"
    "x86 Haswell               (alias configured by machine type)\n"
    "x86 max                   Enables all features supported by the accelerator in the current host\n\n"
    "Recognized CPUID flags:\n  3dnow 3dnowext\n";
constexpr const char* arm_list = "Available CPUs:\n  cortex-a57\n  max\n  neoverse-n1\n";

std::vector<Emulator> both() {
  std::vector<Emulator> all = {
      {"x86_64", "/usr/bin/qemu-x86_64", "qemu-x86_64 7.2.22", models_listed(x86_list)},
      {"aarch64", "/usr/bin/qemu-aarch64", "qemu-aarch64 7.2.22", models_listed(arm_list)}};
  if (this_cpu().architecture == "aarch64") std::swap(all[0], all[1]);
  return all;
}

EmulationChoice choice_of(FakeWorker& fake, const std::string& cpu,
                          const std::vector<Emulator>& emulators = both()) {
  fake.plan.placement.cpu = cpu;
  return choose_emulation(fake.plan, fake.options, emulators);
}

std::string other_architecture() { return this_cpu().architecture == "aarch64" ? "x86_64" : "aarch64"; }

// An emulator of this machine's architecture that starts its guest as it is, and says what it was told.
void write_emulator(const FakeWorker& fake) {
  const std::filesystem::path program = fake.scratch / ("bin/qemu-" + this_cpu().architecture);
  make_folder(program.parent_path());
  write_atomically(
      program,
      "#!/bin/sh\n"
      "case \"$*\" in\n"
      "--version) echo 'qemu-fake version 1.2.3 (nobody)';;\n"
      "'-cpu help') printf 'Available CPUs:\\nx86 Haswell  a processor\\n'; exit 1;;\n"
      "*) echo \"$2\" >> " +
          fake.path("models") +
          "\n"
          "echo \"qemu-fake: warning: TCG doesn't support requested feature: CPUID.01H:ECX.pcid [bit 17]\"\n"
          "shift 2; exec \"$@\";;\n"
          "esac\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string path = program.parent_path().string() + ":/usr/bin:/bin";
  ::setenv("PATH", path.c_str(), 1);
}

}  // namespace

TEST_CASE("the models are read from what QEMU lists for x86 and for ARM, and nothing else of it") {
  CHECK(models_listed(x86_list) == std::vector<std::string>{"486", "Haswell", "max"});
  CHECK(models_listed(arm_list) == std::vector<std::string>{"cortex-a57", "max", "neoverse-n1"});
  CHECK(models_listed("qemu: not a list\n").empty());
}

TEST_CASE("a model goes to the emulator that has it, of two to this machine's own architecture") {
  FakeWorker fake(good_script);
  if (this_cpu().architecture != "x86_64") skip("the models of this test are those of x86");
  CHECK(choice_of(fake, "qemu:Haswell").run->name() == "qemu-x86_64 7.2.22, -cpu Haswell");
  CHECK(choice_of(fake, "qemu:max").run->emulator.architecture == "x86_64");
  CHECK(choice_of(fake, "qemu:max").run->worker == fake.options.worker);
  CHECK(choice_of(fake, "qemu:Haswell,-avx2").run->cpu.model == "Haswell,-avx2");
  const auto host = choice_of(fake, "host");
  CHECK_FALSE(host.run);
  CHECK(host.trouble.empty());
}

TEST_CASE(
    "an unknown model is refused with the nearest name, and a missing emulator leaves the run untested") {
  FakeWorker fake(good_script);
  CHECK_THROWS_WITH(choice_of(fake, "qemu:Haswel"),
                    Contains("no processor named 'Haswel'; did you mean 'Haswell'?"));
  CHECK_THROWS_WITH(choice_of(fake, "qemu:aarch64:Haswell"), Contains("no processor named 'Haswell'"));
  const auto none = choice_of(fake, "qemu:Haswell", {});
  CHECK_FALSE(none.run);
  CHECK_THAT(none.trouble, Contains("install the package qemu-user"));
}

TEST_CASE("a worker for another architecture that was not made and a GPU are untested with the reason") {
  FakeWorker fake(good_script);
  const auto foreign = choice_of(fake, "qemu:" + other_architecture() + ":max");
  if (foreign.run)  // somebody made it beside this build
    CHECK(std::filesystem::exists(foreign.run->worker));
  else
    CHECK_THAT(foreign.trouble, Contains("make it with scripts/setup.sh --" + other_architecture()));
  fake.plan.pins["device"] = "cuda";
  CHECK_THAT(choice_of(fake, "qemu:max").trouble, Contains("has no GPU"));
}

TEST_CASE("a command is emulated where it begins with a program of this architecture") {
  FakeWorker fake(good_script);
  const auto choice_for = [&](const std::string& word, const std::string& cpu = "qemu:max") {
    fake.plan.command = CommandLine{{word, "train.py"}, Seeding::imposed, {}, fake.scratch.path().string()};
    return choice_of(fake, cpu);
  };
  const auto own = choice_for("/bin/sh");
  REQUIRE(own.run);
  ProcessStart start{{"/bin/sh", "train.py"}, {{"LD_PRELOAD", "/a.so:/b.so"}}, {}, {}};
  emulate(*own.run, start);
  CHECK(start.arguments == std::vector<std::string>{own.run->emulator.program.string(), "-cpu", "max", "-E",
                                                    "LD_PRELOAD=/a.so:/b.so", "/bin/sh", "train.py"});
  CHECK_FALSE(start.environment.contains("LD_PRELOAD"));
  CHECK(start.environment.contains(emulator_variable));
  write_atomically(fake.scratch / "launcher", "#!/bin/sh\n");
  CHECK_THAT(choice_for("./launcher").trouble, Contains("is a script"));
  CHECK_THAT(choice_for("/bin/sh", "qemu:" + other_architecture() + ":max").trouble,
             Contains("needs a Python for " + other_architecture()));
  fake.plan.placement.ranks = 2;
  CHECK_THAT(choice_for("/bin/sh").trouble, Contains("is for one process"));
}

TEST_CASE("the emulator starts the worker, which is told of it, and what it leaves out is noted") {
  FakeWorker fake("");
  fake.write_script("echo \"$REPRISE_EMULATOR\" > " + fake.path("told") + "\necho trace > \"$2\"\n");
  write_emulator(fake);
  fake.plan.placement.cpu = "qemu:Haswell";
  const RunResult result = fake.run_once();
  INFO(result.outcome.reason);
  REQUIRE(result.outcome.done());
  CHECK(fake.lines("models") == std::vector<std::string>{"Haswell"});
  CHECK(fake.lines("told") == std::vector<std::string>{"qemu-fake 1.2.3, -cpu Haswell"});
  REQUIRE(result.outcome.notes.size() == 1);
  CHECK_THAT(result.outcome.notes[0],
             Contains("leaves out 1 of what the processor of that name has: CPUID.01H:ECX.pcid"));
  CHECK(fake.run_once().reused);
  // Another emulator of the same name is another machine.
  const auto program = fake.scratch / ("bin/qemu-" + this_cpu().architecture);
  write_atomically(program, read_file(program, "emulator") + "# changed\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  CHECK_THAT(fake.run_once().anew, Contains("emulator"));
}

TEST_CASE("an unknown processor is refused before any run is made") {
  FakeWorker fake(good_script);
  write_emulator(fake);
  Plan other = fake.plan;
  other.placement.cpu = "qemu:Hasbeen";
  CHECK_THROWS_WITH(launch({{"baseline", fake.plan, 1}, {"other", other, 1}}, fake.options),
                    Contains("no processor named 'Hasbeen'"));
  CHECK_FALSE(std::filesystem::exists(fake.scratch / "runs"));
}

TEST_CASE("a guest that ends on an instruction is untested, with the emulator and the reason") {
  FakeWorker fake("kill -ILL $$\n");
  write_emulator(fake);
  fake.plan.placement.cpu = "qemu:Haswell";
  const Outcome outcome = fake.run_once().outcome;
  CHECK(outcome.ending == Ending::skipped);
  CHECK_THAT(outcome.reason,
             Contains("emulated by qemu-fake 1.2.3, -cpu Haswell: killed by signal 4 (SIGILL)"));
}

TEST_CASE("a guest without a kernel for its processor is untested, and any other failure stays one") {
  const EmulatedRun run{both()[0], {"", "core2duo"}, "", ""};
  Outcome outcome;
  outcome.ending = Ending::failed;
  outcome.reason = "could not create a primitive";
  CHECK(emulated_outcome(outcome, run, "/no/log").ending == Ending::skipped);
  outcome.reason = "no such file";
  const Outcome failed = emulated_outcome(outcome, run, "/no/log");
  CHECK(failed.ending == Ending::failed);
  CHECK_THAT(failed.reason, Contains("emulated by ") && Contains("no such file"));
}

TEST_CASE("how long emulated runs take is said beforehand, as an estimate") {
  FakeWorker fake(good_script);
  CHECK(emulation_forecast({fake.plan}, 2).empty());
  Plan other = fake.plan;
  other.placement.cpu = "qemu:max";
  const std::string unknown = emulation_forecast({fake.plan, other}, std::nullopt);
  CHECK_THAT(unknown, Contains("1 of 2 runs are emulated") && Contains("an estimate") && !Contains("expect"));
  CHECK_THAT(emulation_forecast({fake.plan, other, other}, 2), Contains("expect 2 min to 6 min"));
}

TEST_CASE("QEMU itself is asked for its version and its processors") {
  const auto here = emulators_on("/usr/bin:/usr/local/bin");
  if (!find_program("qemu-" + this_cpu().architecture, "/usr/bin:/usr/local/bin"))
    skip("there is no qemu-user here");
  REQUIRE_FALSE(here.empty());
  CHECK(here.front().architecture == this_cpu().architecture);
  CHECK_THAT(here.front().version, Contains("qemu-"));
  CHECK(std::ranges::find(here.front().models, "max") != here.front().models.end());
}
