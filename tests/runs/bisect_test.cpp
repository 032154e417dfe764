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
#include "skip.h"

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

const std::string still = "no setting that was tried moves the bits on this processor";

// What is said of two sides that part: an operator, and where its call could be kept whole, its distance.
// Whether it could.
bool check_named(const Scratch& folder, const Found& bisected) {
  const Json& found = bisected.json;
  INFO(found.dump(1));
  CHECK(bisected.code == 1);
  CHECK(found["found"] == "operator");
  REQUIRE(found["operator"].is_string());
  CHECK(found["operator"].get<std::string>().starts_with("aten::"));
  CHECK(found["reruns"][0] <= 2);
  CHECK(found["growth"]["verdict"] == "as rounding");
  if (found["distance"].is_null()) {
    const bool told = contains(found["notes"].dump(), "The call could not be kept whole: ");
    CHECK((told || found["kind"] != "result"));
    return false;
  }
  CHECK(found["distance"]["inputs_equal"] == true);
  REQUIRE_FALSE(found["distance"]["outputs"].empty());
  CHECK(found["distance"]["outputs"][0]["differing"] > 0);
  const auto kept = kept_calls(folder);
  REQUIRE(kept.size() == 2);
  for (const auto& run : kept) check_replay(folder, run);
  return true;
}

}  // namespace

TEST_CASE("the operator that bisect names gives both sides' outputs when it alone is called again") {
  std::size_t parted = 0, replayed = 0;
  for (const std::string sides :
       {"threads=1 threads=2", "mkl=default mkl=compatible", "isa=auto isa=default"}) {
    for (const std::string model : {"mlp", "cnn"}) {
      const Scratch folder;
      INFO(sides << " " << model);
      const Found found =
          bisected(folder, "waves --set steps=12 --no-remedies --set model=" + model + " --between " + sides);
      if (found.json["found"] == "equal") {
        CHECK(found.code == 0);
        continue;
      }
      ++parted;
      replayed += check_named(folder, found) ? 1 : 0;
    }
  }
  if (parted == 0) skip(still);
  CHECK(replayed > 0);
}

TEST_CASE("a remedy is tried on both sides: where one plan for both is pinned, they are equal") {
  Scratch folder;
  const auto [found, code] = bisected(folder, "waves --set steps=12 --between threads=1 threads=2");
  if (found["found"] == "equal") skip("two threads give the bits of one on this processor");
  bool one_plan = false;
  for (const auto& remedy : found["remedies"]) {
    if (remedy["remedy"] != "threads=1") continue;
    one_plan = true;
    CHECK(remedy["equal"] == true);
    CHECK(remedy["step_time_ratio"].is_number());
  }
  CHECK(one_plan);
}

TEST_CASE("a matrix bisects a class that parts, and says beside the verdict how far apart its bits are") {
  Scratch folder;
  const auto made = run_program(
      folder.path(), "matrix waves --set steps=6 --axis isa=auto,default --axis threads=1,2 --bisect --json");
  INFO(made.out << made.err);
  const Json json = Json::parse(made.out);
  if (json["partings"].empty()) skip(still);
  CHECK(json["partings"][0]["operator"]["found"] == "operator");
  std::string said;
  for (const auto& factor : json["factors"]) said += factor["by_value"][0]["distance"].get<std::string>();
  CHECK(contains(said, "no farther apart than rounding makes"));
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

namespace {

// The folder of a run of five steps.
std::string run_of(const Scratch& folder, const std::string& arguments) {
  const auto printed = run_program(folder.path(), "run waves --set steps=5 --json " + arguments);
  INFO(arguments << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out)["runs"][0]["folder"];
}

}  // namespace

TEST_CASE("two traces on disk are bisected, and traces of two recipes are refused") {
  Scratch folder;
  const std::string one = run_of(folder, ""), same = run_of(folder, "--pin interop-threads=2"),
                    other = run_of(folder, "--set lr=0.01"), seed = run_of(folder, "--pin seed=1");
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
  const std::string window = "--set ops=0-5 --pin ";
  for (const std::pair<const char*, const char*>& pins : {std::pair{"isa=auto", "isa=default"},
                                                          {"mkl=default", "mkl=compatible"},
                                                          {"threads=1", "threads=2"}}) {
    const std::string one = run_of(folder, window + pins.first), other = run_of(folder, window + pins.second);
    const auto [found, code] = bisected(folder, one + " " + other + " --no-remedies");
    if (found["found"] == "equal") continue;
    INFO(found.dump(1));
    CHECK(code == 1);
    CHECK_THAT(found["notes"].dump(), Catch::Contains("nothing was rerun"));
    return;
  }
  skip(still);
}

TEST_CASE("a side that does not run here is untested, with what is missing") {
  Scratch folder;
  const std::string recipe = content_of(REPRISE_SOURCE "/recipes/chargpt.toml");
  std::ofstream(folder / "chargpt.toml") << replace_all(recipe, "tinyshakespeare/", "no-such-folder/");
  const auto [found, code] = bisected(folder, "./chargpt.toml --between threads=1 threads=2");
  CHECK(code == 2);
  CHECK(found["found"] == "untested");
  CHECK(contains(found["sentence"], "does not run here"));
  CHECK(contains(found["sentence"], "no-such-folder/input.txt"));
}

TEST_CASE("what fails after the operator was named is a note beside it, and loses nothing of the finding") {
  Scratch folder;
  // Spoils the traces of runs that keep values, which are made once the operator is known.
  std::ofstream(folder / "worker")
      << "#!/bin/sh\n" REPRISE_BIN
         "/reprise-worker \"$@\"\ncode=$?\n"
         "if grep -q '^.watch.values.' \"$1\"; then printf spoiled > \"$2\"; fi\n"
         "exit $code\n";
  fs::permissions(folder / "worker", fs::perms::owner_all);
  const auto [found, code] =
      bisected(folder, "waves --set steps=12 --between threads=1 threads=2 --worker ./worker");
  if (found["found"] == "equal") skip("two threads give the bits of one on this processor");
  INFO(found.dump(1));
  CHECK(code == 1);
  CHECK(found["found"] == "operator");
  CHECK(found["growth"].is_null());
  CHECK_THAT(found["notes"].dump(), Catch::Contains("How far the two sides get could not be measured: "));
  CHECK_FALSE(found["remedies"].empty());
}
