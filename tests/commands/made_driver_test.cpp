// SPDX-License-Identifier: Apache-2.0
// `reprise` with a driver whose GPUs are made up: what it lists, what it refuses before a process is started,
// what it expects of two cards.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

// The reason why `waves` is untested on that device.
std::string reason_for(const Scratch& folder, const std::string& device, const std::string& more = "") {
  const auto run = run_program(folder.path(), "run waves --json --set 'device=" + device + "'",
                               "LD_LIBRARY_PATH='" REPRISE_MADE_DRIVER "' " + more);
  INFO(run.out << run.err);
  CHECK(run.code == 2);
  const auto found = nlohmann::json::parse(run.out)["runs"][0];
  CHECK(found["kind"] == "skipped");
  return found["reason"];
}

}  // namespace

TEST_CASE("GPUs are listed with what tells them apart") {
  Scratch folder;
  const auto listed =
      run_program(folder.path(), "list devices --json", "LD_LIBRARY_PATH='" REPRISE_MADE_DRIVER "'");
  const auto devices = nlohmann::json::parse(listed.out)["devices"];
  REQUIRE(devices.size() == 3);
  CHECK(devices[1]["name"] == "cuda:0");
  CHECK(devices[2]["summary"] == "cuda:1 Made L4, compute capability 8.9, 58 processors");
  CHECK(contains(devices[2]["values"], "11111111-1111-1111-1111-111111111111"));
  CHECK(contains(devices[2]["values"], "24576 MiB"));
}

TEST_CASE("the doctor tells both cards, and that they are not of one kind") {
  Scratch folder;
  const auto told =
      run_program(folder.path(), "doctor --json -- /bin/true", "LD_LIBRARY_PATH='" REPRISE_MADE_DRIVER "'");
  INFO(told.err);
  REQUIRE(told.code == 0);
  const auto document = nlohmann::json::parse(told.out);
  CHECK(document["schema"] == "reprise.doctor/1");
  std::map<std::string, std::string> facts;
  for (const auto& fact : document["facts"]) facts[fact["name"]] = fact["value"];
  CHECK(facts["gpu.name"] == "Made A10G");
  CHECK(facts["gpu.1.name"] == "Made L4");
  CHECK(contains(document["warnings"].dump(), "not of one kind: Made A10G, Made L4"));
}

TEST_CASE("a GPU that is not among them is refused with those that are, and nothing is run in its place") {
  Scratch folder;
  for (const std::string device : {"cuda:2", "cuda:H100", "cuda:GPU-99"}) {
    const std::string reason = reason_for(folder, device);
    CHECK(contains(reason, "device=" + device + " cannot be used: "));
    CHECK(contains(reason, "cuda:0 Made A10G"));
    CHECK(contains(reason, "cuda:1 Made L4"));
  }
  CHECK(contains(reason_for(folder, "cuda:0", "MADE_DRIVER_START=803"), "of two versions (CUDA error 803)"));
  CHECK(contains(reason_for(folder, "cuda", "MADE_DRIVER_GPUS=0"), "finds no GPU"));
  CHECK_FALSE(std::filesystem::exists(folder / "runs"));
}

TEST_CASE("a matrix says what it expects of two cards before it runs anything") {
  Scratch folder;
  const auto run = run_program(folder.path(),
                               "matrix waves --set steps=2 --worker /bin/false --pin rng=device --axis "
                               "device=cuda:0,cuda:1",
                               "LD_LIBRARY_PATH='" REPRISE_MADE_DRIVER "'");
  const auto expected = run.err.find("expected: Made A10G draws 122880 numbers at once and Made L4 89088");
  INFO(run.err);
  REQUIRE(expected != std::string::npos);
  CHECK(expected < run.err.find("started"));
}
