// SPDX-License-Identifier: Apache-2.0
// reprise bisect on real recipes: its answer is checked by making the one operator call again, outside the
// recipe. Which setting moves the bits depends on the processor, so the first that does is taken.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/launch/replay.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

struct Found {
  Json json;
  int code = -1;
};

Found bisected(const Scratch& folder, const std::string& arguments, const std::string& before = "") {
  const auto printed = run_program(folder.path(), "bisect " + arguments + " --json", before);
  INFO(arguments << "\n" << printed.out << printed.err);
  REQUIRE_FALSE(printed.out.empty());
  return {Json::parse(printed.out), printed.code};
}

// The runs that kept a call whole: their folders.
std::vector<fs::path> kept_calls(const Scratch& folder) {
  std::vector<fs::path> kept;
  for (const auto& plan : list_folder(folder / "runs"))
    for (const auto& run : list_folder(plan))
      if (fs::exists(run / "call.safetensors")) kept.push_back(run);
  return kept;
}

std::vector<std::byte> output_in(const fs::path& file, const std::string& name) {
  const Checkpoint stored(file);
  for (const auto& tensor : stored.tensors())
    if (tensor.name == name) return stored.read(tensor);
  return {};
}

// Made again under the plan's pins the call gives what the run got, bit for bit.
void check_replay(const Scratch& folder, const fs::path& run) {
  LaunchOptions options;
  options.worker = REPRISE_BIN "/reprise-worker";
  const fs::path out = folder / "replayed";
  const auto outcome = replay(Trace(run).plan(), run / "call.safetensors", out, false, options);
  INFO(run << ": " << outcome.reason);
  REQUIRE(outcome.done());
  std::size_t compared = 0;
  const Checkpoint replayed(out);
  for (const auto& tensor : replayed.tensors()) {
    CHECK(output_in(out, tensor.name) == output_in(run / "call.safetensors", tensor.name));
    ++compared;
  }
  CHECK(compared > 0);
}

}  // namespace

TEST_CASE("the operator that bisect names gives both sides' outputs when it alone is called again") {
  std::size_t checked = 0;
  for (const std::string sides :
       {"threads=1 threads=2", "mkl=default mkl=compatible", "isa=auto isa=default"}) {
    for (const std::string model : {"mlp", "cnn"}) {
      Scratch folder;
      const auto [found, code] =
          bisected(folder, "waves --set steps=12 --no-remedies --set model=" + model + " --between " + sides);
      INFO(found.dump(1));
      if (found["found"] == "equal") continue;  // this processor does not mind
      CHECK(code == 1);
      CHECK(found["found"] == "operator");
      REQUIRE(found["operator"].is_string());
      CHECK(found["operator"].get<std::string>().starts_with("aten::"));
      CHECK(found["reruns"][0] <= 2);
      if (found["distance"].is_null()) continue;
      CHECK(found["distance"]["inputs_equal"] == true);
      REQUIRE_FALSE(found["distance"]["outputs"].empty());
      CHECK(found["distance"]["outputs"][0]["differing"] > 0);
      const auto kept = kept_calls(folder);
      REQUIRE(kept.size() == 2);
      for (const auto& run : kept) check_replay(folder, run);
      ++checked;
    }
  }
  if (checked == 0) WARN("no setting that was tried moves the bits on this processor");
}

TEST_CASE("a remedy is tried on both sides: where one plan for both is pinned, they are equal") {
  Scratch folder;
  const auto [found, code] = bisected(folder, "waves --set steps=12 --between threads=1 threads=2");
  if (found["found"] == "equal") return;
  bool one_plan = false;
  for (const auto& remedy : found["remedies"]) {
    if (remedy["remedy"] != "threads=1") continue;
    one_plan = true;
    CHECK(remedy["equal"] == true);
    CHECK(remedy["step_time_ratio"].is_number());
  }
  CHECK(one_plan);
}

TEST_CASE("another batch order is said to be one, and no operator is looked for") {
  Scratch folder;
  const auto [found, code] =
      bisected(folder, "waves --set steps=5 --between batch-order=seeded batch-order=sequential");
  CHECK(code == 1);
  CHECK(found["found"] == "batch");
  CHECK(contains(found["sentence"], "another batch order from step 1"));
  CHECK(found["operator"].is_null());
  CHECK(found["reruns"] == Json::array({0, 0}));
}

TEST_CASE("two equal runs leave nothing to bisect, and a resume of a native recipe loses nothing") {
  for (const std::string model : {"linear", "mlp", "cnn", "gru"}) {
    Scratch folder;
    const auto [found, code] =
        bisected(folder, "waves --set steps=6 --set model=" + model + " --between resume=never resume=3");
    INFO(found.dump(1));
    CHECK(code == 0);
    CHECK(contains(found["sentence"], "nothing to bisect"));
  }
}

TEST_CASE("two traces on disk are bisected, and traces of two recipes are refused") {
  Scratch folder;
  const auto run = [&](const std::string& arguments) {
    const auto printed = run_program(folder.path(), "run waves --set steps=5 --json " + arguments);
    return Json::parse(printed.out)["runs"][0]["folder"].get<std::string>();
  };
  const std::string one = run(""), same = run("--pin interop-threads=2"), other = run("--set lr=0.01"),
                    seed = run("--pin seed=1");
  const auto [found, code] = bisected(folder, one + " " + seed);
  CHECK(code == 1);
  CHECK(found["step"] == 0);
  CHECK(bisected(folder, one + " " + same).code == 0);
  const auto refused = run_program(folder.path(), "bisect " + one + " " + other);
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "lr: 0.003 and 0.01"));
  const auto options = run_program(folder.path(), "bisect " + one + " " + same + " --set steps=3");
  CHECK(options.code == 2);
  CHECK(contains(options.err, "belong to one recipe"));
}

TEST_CASE("runs that hold the operators of the step where they part are compared without a rerun") {
  Scratch folder;
  const auto run = [&](const std::string& arguments) {
    const auto printed = run_program(folder.path(), "run waves --set steps=5 --json " + arguments);
    return Json::parse(printed.out)["runs"][0]["folder"].get<std::string>();
  };
  const std::string window = "--set ops=0-5 --pin ";
  const std::string one = run(window + "isa=auto"), other = run(window + "isa=default");
  const auto [found, code] = bisected(folder, one + " " + other + " --no-remedies");
  if (found["found"] == "equal") return;  // this processor does not mind
  INFO(found.dump(1));
  CHECK(code == 1);
  bool said = false;
  for (const auto& note : found["notes"]) said = said || contains(note, "nothing was rerun");
  CHECK(said);
}

TEST_CASE("a side that does not run here is untested, with what is missing") {
  Scratch folder;
  const auto [found, code] = bisected(folder, "chargpt --between threads=1 threads=2", "REPRISE_DATA=/none");
  if (found["found"] != "untested") return;  // the data lies where the program looks by itself
  CHECK(code == 2);
  CHECK(contains(found["sentence"], "does not run here"));
}

TEST_CASE(
    "every native recipe passes its self-test: faults are found, watching and resuming change nothing") {
  Scratch folder;
  for (const std::string recipe :
       {"waves --set model=linear", "waves --set model=mlp", "waves --set model=cnn", "waves --set model=gru",
        "mnist1d --set model=cnn", "lenet", "chargpt",
        "gpt2 --set layers=1 --set heads=2 --set width=16 --set vocabulary=64 --set block=16 --set "
        "samples=500 "
        "--set validation_tokens=256"}) {
    const auto printed = run_program(folder.path(), "run " + recipe + " --self-test --json");
    INFO(recipe << "\n" << printed.out << printed.err);
    REQUIRE_FALSE(printed.out.empty());
    const Json test = Json::parse(printed.out)["self_test"];
    if (contains(printed.out, "untested")) continue;  // its data is not on this machine
    CHECK(printed.code == 0);
    CHECK(test["void"] == false);
    CHECK(test["rows"].size() == 5);
    for (const auto& row : test["rows"]) CHECK(row["result"] == "found");
  }
}
