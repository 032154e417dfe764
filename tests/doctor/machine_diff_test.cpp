// SPDX-License-Identifier: Apache-2.0
// Two machines, made by hand.
#include "harness/judge/doctor/machine_diff.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/judge/doctor/doctor_json.h"
#include "program.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> names_of(const MachineDiff& diff) {
  std::vector<std::string> names;
  for (const auto& one : diff.differences) names.push_back(one.name);
  return names;
}

MachineSide side(const std::string& name, const Facts& facts) { return {name, facts}; }

const Facts h100 = {{"gpu.name", "NVIDIA H100 80GB HBM3"},
                    {"gpu.memory", "85017493504"},
                    {"gpu.capability", "9.0"},
                    {"gpu.processors", "132"},
                    {"gpu.uuid", "GPU-1"},
                    {"gpu.driver", "580.159.04"}};

Facts with(Facts facts, const std::string& name, const std::string& value) {
  facts[name] = value;
  return facts;
}

}  // namespace

TEST_CASE("an instruction set ranks above a kernel version, and a governor last") {
  const auto diff = compare_machines(side("a", {{"cpu.flags", "avx2 avx512f fma"},
                                                {"cpu.governor", "powersave"},
                                                {"kernel.release", "6.1"},
                                                {"cpu.cores", "4"},
                                                {"cpu.architecture", "x86_64"}}),
                                     side("b", {{"cpu.flags", "avx2 fma"},
                                                {"cpu.governor", "performance"},
                                                {"kernel.release", "6.8"},
                                                {"cpu.cores", "8"},
                                                {"cpu.architecture", "x86_64"}}));
  CHECK(names_of(diff) ==
        std::vector<std::string>{"cpu.flags", "cpu.cores", "kernel.release", "cpu.governor"});
  CHECK(diff.differences[0].moves == MovesBits::usually);
  CHECK(diff.differences[3].moves == MovesBits::never);
  CHECK(difference_words(diff.differences[0]) == "the first has avx512f; the second has nothing more");
  CHECK(diff.equal == 1);
}

TEST_CASE("two cards of one architecture with other memory, clocks or caches differ in what may move bits") {
  auto h200 =
      with(with(with(h100, "gpu.name", "NVIDIA H200"), "gpu.memory", "150110011392"), "gpu.uuid", "GPU-2");
  const auto diff = compare_machines(side("H100", h100), side("H200", h200));
  CHECK(names_of(diff) == std::vector<std::string>{"gpu.memory", "gpu.name", "gpu.uuid"});
  CHECK(diff.differences[0].moves == MovesBits::often);
  CHECK_THAT(diff.differences[0].reason, Contains("parted at step 1 with TF32"));
  CHECK(diff.differences[2].moves == MovesBits::never);
  for (const auto* name : {"gpu.clock", "gpu.memory_clock", "gpu.l2_cache"}) {
    const auto other = compare_machines(side("a", with(h100, name, "1")), side("b", with(h100, name, "2")));
    REQUIRE(other.differences.size() == 1);
    CHECK(other.differences[0].moves == MovesBits::often);
  }
}

TEST_CASE("what one side does not tell is named and not compared") {
  const auto diff = compare_machines(side("a", {{"cpu.cores", "2"}, {"cpu.cache.l2", "1M"}}),
                                     side("b", {{"cpu.cores", "2"}, {"kernel.release", "6"}}));
  CHECK(diff.differences.empty());
  CHECK(diff.only_a == std::vector<std::string>{"cpu.cache.l2"});
  CHECK(diff.only_b == std::vector<std::string>{"kernel.release"});
  CHECK_THROWS_WITH(compare_machines(side("a", {{"cpu.cores", "2"}}), side("b", {{"cpu.model", "x"}})),
                    Contains("tell no fact in common"));
}

TEST_CASE("a run with a driver that tells no card is told so") {
  MachineSide a{"a", {{"cpu.cores", "2"}}, true};
  const auto diff = compare_machines(a, side("b", {{"cpu.cores", "2"}}));
  REQUIRE(diff.remarks.size() == 1);
  CHECK(diff.remarks[0] ==
        "a had a GPU's driver loaded and does not tell of which card: cards are not compared");
}

TEST_CASE("an examination is read back, and one that is damaged or something else is refused") {
  Examination found;
  found.facts = {{"cpu.model", "A \"quoted\" one"}, {"cpu.cores", "2"}};
  Plan plan;
  plan.pins = default_pins();
  const std::string text = to_json(found, plan).dump();
  CHECK(facts_from_json(text, "f.json") == found.facts);
  CHECK_THROWS_WITH(facts_from_json(text.substr(0, text.size() / 2), "f.json"),
                    Contains("no whole JSON document in f.json"));
  CHECK_THROWS_WITH(facts_from_json(R"({"schema": "reprise.run/1"})", "f.json"),
                    Contains("found reprise.run/1 in f.json"));
  CHECK_THROWS_WITH(facts_from_json("{}", "f.json"), Contains("found no schema"));
  CHECK_THROWS_WITH(facts_from_json(R"({"schema": "reprise.doctor/1"})", "f.json"),
                    Contains("no list of facts"));
  CHECK_THROWS_WITH(facts_from_json(R"({"schema": "reprise.doctor/1", "facts": [{"name": "a"}]})", "f"),
                    Contains("no name or no value"));
  CHECK_THROWS_WITH(
      facts_from_json(
          R"({"schema": "reprise.doctor/1", "facts": [{"name": "a", "value": ""}, {"name": "a", "value": ""}]})",
          "f"),
      Contains("tells a twice"));
}

TEST_CASE("files, traces and folders are machines, anything else is refused") {
  Scratch scratch;
  write_atomically(scratch / "a.json",
                   R"({"schema": "reprise.doctor/1", "facts": [{"name": "cpu.cores", "value": "2"}]})");
  CHECK(machine_side((scratch / "a.json").string()).facts.at("cpu.cores") == "2");
  write_small_trace(scratch / "trace.h5", {});
  CHECK_FALSE(machine_side((scratch / "trace.h5").string()).used_gpu);
  CHECK_THROWS_WITH(machine_side((scratch / "none").string()), Contains("no such file or folder"));
  write_atomically(scratch / "text.txt", "hello");
  CHECK_THROWS_WITH(machine_side((scratch / "text.txt").string()), Contains("wanted a trace"));
}
