// SPDX-License-Identifier: Apache-2.0
// Runs on emulated processors are said to be so in every format.
#include <algorithm>
#include <catch2/catch.hpp>

#include "reports/sample.h"

using namespace reprise;

namespace {

Evidence second_emulated(const std::string& artefact = "") {
  Evidence evidence = two_equal();
  Facts& facts = evidence.diff.traces[1].facts;
  facts["cpu.architecture"] = "x86_64";
  facts["cpu.capability"] = "AVX2";
  facts["cpu.emulator"] = "qemu-x86_64 7.2.22, -cpu EPYC";
  facts["cpu.host.model"] = "a real processor";
  if (!artefact.empty()) facts["arithmetic.artefact"] = artefact;
  return evidence;
}

}  // namespace

TEST_CASE(
    "every format says which runs were emulated, by what, and that this shows nothing of real processors") {
  const Report report = second_emulated().report();
  CHECK(report.subtitle.ends_with(", 1 emulated"));
  for (const auto& format : formats_for_people()) {
    INFO(format);
    const std::string text = unwrapped(rendered(report, format));
    if (format == "json") continue;
    CHECK(text.find(format == "console" ? "emulated by" : "1 emulated") != std::string::npos);
    if (format != "console") CHECK(text.find("Emulated processors") != std::string::npos);
    CHECK(text.find("does not show that they are on that processor") != std::string::npos);
  }
  const auto json = json_of(report);
  REQUIRE(json["emulated"].size() == 1);
  CHECK(json["emulated"][0]["emulator"] == "qemu-x86_64 7.2.22, -cpu EPYC");
  CHECK(json["emulated"][0]["host"] == "a real processor");
  CHECK(json["emulated"][0]["artefact"] == "");
}

TEST_CASE("what is the emulator's own is told beside the runs") {
  const Evidence evidence = second_emulated("known artefact of the emulator: its square roots");
  CHECK(json_of(evidence)["emulated"][0]["artefact"] == "known artefact of the emulator: its square roots");
  const auto prose = all_of<blocks::Prose>(evidence.report());
  CHECK(std::ranges::any_of(prose, [](const auto& one) {
    return one.sentences.back() == "A known artefact of the emulator: its square roots.";
  }));
}

TEST_CASE("a report without emulated runs says nothing of emulation") {
  CHECK(json_of(two_equal())["emulated"].empty());
  CHECK(rendered(two_equal().report(), "md").find("mulated") == std::string::npos);
}
