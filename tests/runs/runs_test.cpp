// SPDX-License-Identifier: Apache-2.0
// The real programs on real training: runs repeat, traces are equal files, digests can be recomputed by
// others.
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

Json run_json(const Scratch& folder, const std::string& arguments, int code = 0) {
  const auto printed = run_program(folder.path(), arguments + " --json");
  INFO(arguments << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == code);
  return Json::parse(printed.out);
}

}  // namespace

TEST_CASE("two runs of one plan leave traces that are equal files") {
  Scratch folder;
  for (const std::string model : {"mlp", "cnn", "gru"}) {
    const auto document = run_json(folder, "run waves --set steps=12 --set model=" + model + " --repeat 2");
    REQUIRE(document["runs"].size() == 2);
    const fs::path first = folder.path() / document["runs"][0]["folder"],
                   second = folder.path() / document["runs"][1]["folder"];
    CHECK(first != second);
    const std::string bytes = content_of(first / "trace.h5");
    CHECK(bytes.size() > 1000);
    CHECK(bytes == content_of(second / "trace.h5"));
    CHECK(Trace(first).finished());
    CHECK(Trace(first).last_step() == 12);
  }
}

TEST_CASE("the last checkpoint's weights, digested by another implementation, give the trace's value") {
  Scratch folder;
  const auto document = run_json(
      folder, "matrix waves --set steps=10 --axis repeat=2 --axis threads=1,2 --axis mkl=default,strict",
      run_program(folder.path(),
                  "matrix waves --set steps=10 --axis repeat=2 --axis threads=1,2 --axis mkl=default,strict")
          .code);
  std::map<std::string, std::string> class_of_weights;
  std::size_t checked = 0;
  for (const auto& plan : list_folder(folder / "runs")) {
    if (!fs::exists(plan / "1" / "checkpoints")) continue;  // the short runs of the self-test keep none
    for (const auto* repeat : {"1", "2"}) {
      const Trace trace(plan / repeat);
      for (const std::string stage : {"weights", "optimizer"}) {
        const auto file = plan / repeat / "checkpoints" / "step-00000010.safetensors";
        const auto printed = run_program(
            folder.path(), "'" REPRISE_SOURCE "/tests/recompute_digest.py' '" + file.string() + "' " + stage,
            "", "/usr/bin/env' 'python3");
        INFO(printed.err);
        REQUIRE(printed.code == 0);
        const auto which = static_cast<std::size_t>(stage == "weights" ? Stage::weights : Stage::optimizer);
        CHECK(std::string(trim(printed.out)) == to_text(trace.stages(10)[which]));
        ++checked;
      }
    }
  }
  CHECK(checked == 12);  // three plans, two repeats, two stages
  // The classes are those that the final weights alone would give, found without reprise's own comparison.
  for (const auto& details : document["class_details"])
    for (const auto& name : details["configurations"]) class_of_weights[name] = details["letter"];
  CHECK(class_of_weights.at("baseline") == class_of_weights.at("repeat=2"));
  CHECK(class_of_weights.at("threads=2") == class_of_weights.at("threads=2 repeat=2"));
}

TEST_CASE(
    "a run that exists is not run again, and the report of a matrix can be made anew to the same bytes") {
  Scratch folder;
  const std::string matrix = "matrix waves --set steps=6 --axis repeat=2 --axis seed=0,1";
  const auto first = run_program(folder.path(), matrix);
  INFO(first.err);
  CHECK(first.code == 0);  // only the seed moved the bits, and it is meant to
  CHECK(contains(first.err, "started"));
  const auto second = run_program(folder.path(), matrix);
  CHECK_FALSE(contains(second.err, "started"));
  CHECK(first.out == second.out);
  fs::path report;
  for (const auto& entry : list_folder(folder / "runs"))
    if (entry.filename().string().starts_with("matrix-")) report = entry;
  const std::string page = content_of(report / "report.html");
  CHECK(run_program(folder.path(), "report '" + report.string() + "' --output again").code == 0);
  CHECK(content_of(folder / "again" / "report.html") == page);
}

TEST_CASE("initial weights do not depend on threads or instruction set, and follow the seed") {
  Scratch folder;
  const auto initial = [&folder](const std::string& pins) {
    const auto document = run_json(folder, "run waves --set steps=2 " + pins);
    const Trace trace(folder.path() / document["runs"][0]["folder"]);
    return trace.stages(0)[static_cast<std::size_t>(Stage::weights)];
  };
  const Digest first = initial("");
  CHECK(initial("--pin threads=2") == first);
  CHECK(initial("--pin isa=default") == first);
  CHECK(initial("--pin mkl=compatible") == first);
  CHECK(initial("--pin seed=1") != first);
}

TEST_CASE("a trace used the plan's batch order, told without LibTorch") {
  Scratch folder;
  const auto document = run_json(folder, "run waves --set steps=50");
  const std::string run = document["runs"][0]["folder"];
  const auto same = run_program(folder.path(), "order " + run + "/plan.toml --check " + run);
  CHECK(same.code == 0);
  CHECK(contains(same.out, "50 steps"));
  CHECK(run_program(folder.path(), "order waves --set steps=50 --pin seed=3 --check " + run).code == 1);
}

TEST_CASE("a loss that is not a number is recorded and reported, and the run goes on") {
  Scratch folder;
  const auto document = run_json(folder, "run waves --set steps=40 --set lr=1e30 --repeat 2");
  const Trace trace(folder.path() / document["runs"][0]["folder"]);
  CHECK(trace.last_step() == 40);
  CHECK(std::isnan(value_of(trace.loss(40))));
  const auto printed =
      run_program(folder.path(), "diff one=" + document["runs"][0]["folder"].get<std::string>() +
                                     " two=" + document["runs"][1]["folder"].get<std::string>());
  CHECK(printed.code == 0);
  CHECK(contains(printed.out, "not a number"));
}

TEST_CASE("missing data is a sentence that says what to fetch and where to put it, and the run is untested") {
  Scratch folder;
  std::string recipe =
      replace_all(content_of(REPRISE_SOURCE "/recipes/chargpt.toml"), "tinyshakespeare/", "no-such-folder/");
  std::ofstream(folder / "chargpt.toml") << recipe;
  const auto printed = run_program(folder.path(), "run ./chargpt.toml --json", "REPRISE_DATA=/nonexistent");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  const auto run = Json::parse(printed.out)["runs"][0];
  CHECK(run["status"] == "untested");
  CHECK(run["kind"] == "skipped");
  CHECK(contains(run["reason"], "no-such-folder/input.txt"));
  CHECK(contains(run["reason"], "karpathy/char-rnn"));
}

TEST_CASE("a killed worker is an outcome with its reason, never the end of the matrix") {
  Scratch folder;
  const auto printed = run_program(
      folder.path(), "matrix waves --set steps=400000 --set keep=none --axis seed=0,1 --time-limit 2 --json");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  const auto report = Json::parse(printed.out);
  REQUIRE(report["untested"].size() == 2);
  for (const auto& run : report["untested"]) {
    CHECK(run["kind"] == "timed-out");
    CHECK(contains(run["reason"], "not done within its time limit of 2 s"));
  }
}
