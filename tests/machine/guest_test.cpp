// SPDX-License-Identifier: Apache-2.0
// What a processor says of itself, and how it rounds: here, and as QEMU emulates it, where there is one.
#include "harness/machine/guest.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/base/process.h"
#include "harness/base/program_search.h"
#include "harness/machine/arithmetic.h"
#include "harness/machine/cpu.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// This very program on an emulated processor, where it prints what the hidden test below prints.
std::string told_by_guest(const std::string& model) {
  const auto qemu = find_program("qemu-x86_64", "/usr/bin:/usr/local/bin");
  if (!qemu || this_cpu().architecture != "x86_64") skip("there is no qemu-x86_64 here");
  const Scratch scratch;
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  Process process({{qemu->string(), "-cpu", model, self.string(), "[.tells]"}, {}, scratch / "log", {}}, {});
  CHECK(process.wait().exit_code == 0);
  std::ifstream in(scratch / "log");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("this processor tells what it is", "[.tells]") {
  const Cpu cpu = this_cpu();
  fmt::print("emulator {}\nmodel {}\nhost {}\n", cpu.emulator, cpu.model, cpu.host_model);
  for (const auto& flag : cpu.flags) fmt::print("flag {}\n", flag);
  for (const auto& [name, value] : arithmetic_facts()) fmt::print("{} {}\n", name, value);
}

TEST_CASE("how a processor rounds is the same whenever it is asked") {
  const Facts facts = arithmetic_facts();
  CHECK(facts == arithmetic_facts());
  CHECK(facts.contains("arithmetic.fma"));
  CHECK_THAT(facts.at("arithmetic.libm.float"), Contains("exp:") && Contains("lgamma:"));
}

TEST_CASE("good bits are those of the worst error") {
  CHECK(good_bits(1.0 / 4096) == 12);
  CHECK(good_bits(1.5 / 4096) == 11);
  CHECK(good_bits(0) == 24);
}

TEST_CASE(
    "only an estimate better than any processor's, behind roots that are wrong, is the emulator's artefact") {
  CHECK_THAT(emulator_artefact(23, 852),
             Contains("known artefact of the emulator") && Contains("23 good bits"));
  CHECK(emulator_artefact(23, 0).empty());
  CHECK(emulator_artefact(12, 805).empty());
}

TEST_CASE("under emulation a processor is what the guest sees, and the real one stands beside it") {
  const std::string told = told_by_guest("Nehalem");
  CHECK_THAT(told, Contains("emulator QEMU (TCG)"));
  CHECK_THAT(told, Contains("model Intel Core i7 9xx (Nehalem Class Core i7)"));
  CHECK_THAT(told, Contains("host " + this_cpu().model));
  CHECK_THAT(told, Contains("flag sse4_2\n") && !Contains("flag avx2\n") && !Contains("flag fma\n"));
  CHECK_THAT(told, Contains("arithmetic.fma no instruction"));
}

TEST_CASE("QEMU's reciprocal square root is told from a processor's by its bits") {
  if (!emulator_of_this_process().empty()) skip("this process is emulated itself");
  CHECK_THAT(told_by_guest("Haswell"), Contains("arithmetic.rsqrtps 23 good bits"));
  CHECK(rsqrt_bits() >= 11);
  CHECK(rsqrt_bits() < 15);
}
