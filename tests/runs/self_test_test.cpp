// SPDX-License-Identifier: Apache-2.0
// The self-test of every recipe that `reprise list recipes` shows, with every model that it trains.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "program.h"
#include "scratch.h"
#include "skip.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

// What makes a recipe small enough for a test.
const std::map<std::string, std::string> made_small = {
    {"gpt2",
     " --set layers=1 --set heads=2 --set width=16 --set vocabulary=64 --set block=16 --set samples=500 "
     "--set "
     "validation_tokens=256"}};

// "waves --set model=mlp": each recipe as it is asked for, once for each model.
std::vector<std::string> every_recipe(const Scratch& folder) {
  const auto listed = run_program(folder.path(), "list recipes --json");
  REQUIRE(listed.code == 0);
  std::vector<std::string> every;
  const Json document = Json::parse(listed.out);
  for (const auto& row : document["recipes"]) {
    const std::string name = row["name"], models = row["values"];
    const auto small = made_small.find(name);
    const std::string asked = name + (small == made_small.end() ? "" : small->second);
    if (!models.starts_with("model: ")) {
      every.push_back(asked);
      continue;
    }
    for (const auto& model : split(models.substr(7), ' ')) every.push_back(asked + " --set model=" + model);
  }
  return every;
}

}  // namespace

TEST_CASE(
    "every native recipe passes its self-test: faults are found, watching and resuming change nothing") {
  const Scratch folder;
  const auto every = every_recipe(folder);
  CHECK(every.size() >= 30);
  std::vector<std::string> without_data;
  for (const auto& recipe : every) {
    const auto printed = run_program(folder.path(), "run " + recipe + " --self-test --json");
    INFO(recipe << "\n" << printed.out << printed.err);
    REQUIRE_FALSE(printed.out.empty());
    const Json test = Json::parse(printed.out)["self_test"];
    CHECK(test["void"] == false);
    REQUIRE(test["rows"].size() == 5);
    if (contains(printed.out, "untested; the data file ")) {
      without_data.push_back(recipe);
      continue;
    }
    if (contains(printed.out, "device=cuda cannot be used")) continue;  // a recipe for GPUs, and none is here
    CHECK(printed.code == 0);
    for (const auto& row : test["rows"]) CHECK(row["result"] == "found");
  }
  if (!without_data.empty()) skip("no data here for " + join(without_data, ", ") + "; the others passed");
}
