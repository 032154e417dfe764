// SPDX-License-Identifier: Apache-2.0
// Claims of a native recipe from the command line: runs made, kept, counted and judged.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const std::string small =
    " --set steps=4 --set samples=200 --set test_samples=50 --set hidden=8 --pin threads=1 ";

Printed claim(const Scratch& folder, const std::string& options) {
  return run_program(folder.path(), "claim waves" + small + "--metric test_accuracy " + options);
}

// waves with three claims: a law of one source, a convergence, and one paired with published predictions.
void write_claims_of_waves(const std::filesystem::path& folder) {
  std::string recipe = read_file(REPRISE_SOURCE "/recipes/waves.toml", "recipe"), theirs;
  recipe.replace(recipe.find("lr = 0.003"), 10, "lr = 0.003\nweights_seed = -1");
  for (int i = 0; i < 50; ++i) theirs += "0\n";
  write_atomically(folder / "theirs.txt", theirs);
  write_atomically(folder / "waves.toml", recipe + R"(
[[claim]]
name = "order"
kind = "law"
law = "order-alone"
value = 1
margin = 50
margin_reason = "wide enough for any run"

[[claim]]
name = "fast"
kind = "convergence"
target = -1
unit = "epochs"
[[claim.point]]
batch = 100
runs = "2 2 2 2 2 2"

[[claim]]
name = "paired"
value = 15
margin = 60
margin_reason = "wide enough for any run"
predictions = "theirs.txt"
predictions_sha256 = ")" + sha256_text(theirs) +
                                              "\"\n");
}

// As somebody would who writes other bytes and knows where their digest is kept.
void forge_digest(const std::filesystem::path& file, const std::string& bytes) {
  const auto digests = file.parent_path() / "beside.sha256";
  std::string lines = read_file(digests, "digests");
  const std::size_t place = lines.find("  " + file.filename().string());
  REQUIRE(place != std::string::npos);
  write_atomically(digests, lines.replace(place - 64, 64, sha256_text(bytes)));
}

}  // namespace

TEST_CASE("a claim stands, does not, or cannot be told, and the exit code says which") {
  const Scratch folder;
  const auto stands = claim(folder, "--value 15 --margin 60 --seeds 3 --json");
  INFO(stands.out << stands.err);
  CHECK(stands.code == 0);
  CHECK_THAT(stands.err, Contains("3 runs with seeds 0 to 2: no spread is published"));
  const auto json = nlohmann::json::parse(stands.out);
  CHECK(json["claims"][0]["runs"].size() == 3);
  CHECK(json["claims"][0]["ours"]["n"] == 3);
  // The same runs are kept, and tell a claim that is far off apart.
  const auto differs = claim(folder, "--value 99 --margin 2 --seeds 3");
  CHECK(differs.code == 1);
  CHECK_THAT(differs.err, Contains("all of them exist"));
  CHECK_THAT(differs.out, Contains("does not stand") && Contains("ours is worse"));
  const double mean = json["claims"][0]["ours"]["mean"].get<double>();
  const auto vague = claim(folder, "--value " + std::to_string(mean) + " --margin 0.001 --seeds 3");
  CHECK(vague.code == 2);
  CHECK_THAT(vague.out, Contains("too imprecise"));
}

TEST_CASE("a time too short for two runs is told, and what was asked wrongly is refused before any run") {
  const Scratch folder;
  const auto none = claim(folder, "--value 15 --margin 60 --seeds 4 --set steps=4000 --budget 1s --json");
  INFO(none.out << none.err);
  CHECK(none.code == 2);
  CHECK_THAT(none.out, Contains("two at least are needed") && Contains("time was used up"));
  const auto refused = [&](const std::string& options) {
    const auto run = claim(folder, options);
    CHECK(run.code == 2);
    return run.err;
  };
  CHECK_THAT(refused("--value 15"), Contains("wanted --margin"));
  CHECK_THAT(refused("--margin 1"), Contains("wanted --value"));
  CHECK_THAT(refused("--value 15 --margin 0"), Contains("wanted a margin above 0"));
  CHECK_THAT(refused("--value 15 --margin 1 --better lower"), Contains("contradicts"));
  CHECK_THAT(refused("--value 15 --margin 1 --spread 0.1"), Contains("wanted --spread-kind"));
  CHECK_THAT(refused("--value 15 --margin 1 --take best"), Contains("found 'best'"));
  CHECK_THAT(refused("--value 15 --margin 1 --budget soon"), Contains("--budget"));
  const auto unknown = run_program(folder.path(), "claim waves" + small +
                                                      "--metric accuracy --better higher --value 1 "
                                                      "--margin 1 --seeds 2");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.out, Contains("has no accuracy") && Contains("test_accuracy"));
}

TEST_CASE("a law is measured on what every run predicted, and a run without that withholds the verdict") {
  const Scratch folder;
  const std::string recipe = read_file(REPRISE_SOURCE "/recipes/waves.toml", "recipe");
  write_atomically(folder / "waves.toml", recipe + R"(
[[claim]]
name = "bit"
kind = "law"
law = "one-bit"
value = 1
margin = 50
margin_reason = "wide enough for any run"
)");
  // So many that three of the runs have bits of their own on any processor.
  const std::string longer = replace_all(small, "steps=4", "steps=80");
  const auto told = [&] {
    return run_program(folder.path(), "claim waves.toml" + longer + "--seeds 5 --json");
  };
  const auto first = told();
  INFO(first.out << first.err);
  CHECK_THAT(first.err, Contains("5 with seed 0, in each of which one bit of one weight is flipped"));
  const auto json = nlohmann::json::parse(first.out)["claims"][0];
  CHECK(json["kind"] == "law");
  CHECK(json["runs"].size() == 10);
  CHECK_THAT(json["sentence"].get<std::string>(), Contains("one-bit") && !Contains("has no predictions"));
  // What a run kept must be what it was when the run ended, and make up the accuracy that its trace proves.
  const auto victim =
      folder.path() / "runs" / json["runs"][0]["run"].get<std::string>() / "predictions.safetensors";
  std::string bytes = read_file(victim, "predictions");
  constexpr std::size_t one =
      50 * sizeof(std::int64_t);  // labels, and behind them what was predicted: now all right
  bytes.replace(bytes.size() - one, one, bytes.substr(bytes.size() - 2 * one, one));
  write_atomically(victim, bytes);
  const auto changed = told();
  CHECK(changed.code == 2);
  CHECK_THAT(changed.out, Contains("predictions.safetensors is not what it was when the run ended"));
  forge_digest(victim, bytes);
  CHECK_THAT(told().out, Contains("which is not what the run reported at its end"));
  std::filesystem::remove(victim);
  CHECK_THAT(told().out, Contains("predictions.safetensors is not what it was when the run ended"));
}

TEST_CASE("one source of noise varies alone, and how fast runs converge is held against a reference") {
  const Scratch folder;
  write_claims_of_waves(folder.path());
  const auto told = run_program(folder.path(), "claim waves.toml" + small + "--seeds 3 --json");
  INFO(told.out << told.err);
  const auto claims = nlohmann::json::parse(told.out)["claims"];
  const auto& order = claims[0]["runs"];
  REQUIRE(order.size() == 6);
  std::set<std::string> bits;
  for (const auto& run : order) bits.insert(run["bits"].get<std::string>());
  CHECK(bits.size() == 6);
  CHECK(order[3]["name"] == "order-seed=1");
  CHECK(claims[1]["answer"] == "stands");
  CHECK(claims[1]["convergence"]["score"] == 2.0);  // evaluated after the last of four half epochs
  REQUIRE(claims[2]["pairs"].size() == 3);
  CHECK(claims[2]["pairs"][0]["p"].get<double>() <= 1);
}

TEST_CASE(
    "segments of a training are trained again from its checkpoints, and a changed checkpoint is no proof") {
  const Scratch folder;
  const std::string recipe = read_file(REPRISE_SOURCE "/recipes/waves.toml", "recipe");
  const auto proof = [](const std::string& name, const std::string& most, const std::string& rest) {
    return "\n[[claim]]\nname = \"" + name + "\"\nkind = \"proof\"\ninterval = 1\nl1 = " + most +
           "\nl2 = 10\nlinf = 10\ncos = 1\n" + rest;
  };
  write_atomically(folder / "waves.toml",
                   recipe + proof("same", "0", "") +
                       proof("seed", "0.001", "segments = 1\n[claim.pins]\nbatch-order = \"sequential\"\n"));
  const auto told = run_program(folder.path(), "claim waves.toml" + small + "--json");
  INFO(told.out << told.err);
  CHECK(told.code == 1);
  const auto claims = nlohmann::json::parse(told.out)["claims"];
  CHECK(claims[0]["answer"] == "stands");
  CHECK(claims[0]["finding"] == "identical");
  REQUIRE(claims[0]["segments"].size() == 2);
  CHECK(claims[0]["segments"][0]["moved"]["l2"].get<double>() > 0);
  CHECK(claims[0]["segments"][0]["equal"] == true);
  CHECK(claims[1]["answer"] == "does not stand");
  CHECK(claims[1]["segments"][0]["apart"]["l1"].get<double>() > 0.001);
  // Somebody puts the checkpoint of another step in the place of one.
  const auto kept = folder.path() / "runs" / claims[0]["runs"][0]["run"].get<std::string>() / "checkpoints";
  write_atomically(kept / "step-00000002.safetensors",
                   read_file(kept / "step-00000003.safetensors", "checkpoint"));
  const auto changed = run_program(folder.path(), "claim waves.toml" + small + "--claim same --json");
  CHECK(changed.code == 2);
  CHECK_THAT(changed.out, Contains("does not hold the weights that its run had after step 2"));
}

TEST_CASE("a recipe without a claim says how to state one, and an unknown name is told the nearest") {
  const Scratch folder;
  const auto none = run_program(folder.path(), "claim gpt2");
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("states no claim") && Contains("docs/verify-a-paper.md"));
  const auto unknown = run_program(folder.path(), "claim mnist1d --claim cn");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Contains("no claim named 'cn'"));
}
