// SPDX-License-Identifier: Apache-2.0
// tests/golden/runs-0.1.0.tgz holds a matrix as the commit d283067 made it, with its runs and its report.
// What was made must stay readable, with the same digests, and give a report of the same form.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/plan/recipe.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using nlohmann::json;

namespace {

void unpack(const Scratch& folder) {
  const std::string line =
      "tar -xzf '" REPRISE_SOURCE "/tests/golden/runs-0.1.0.tgz' -C '" + folder.path().string() + "'";
  REQUIRE(std::system(line.c_str()) == 0);
}

// Every key of a report by its place, "runs.chain"; of lists what any of their elements has.
void add_keys(const json& value, const std::string& place, std::set<std::string>& keys) {
  if (value.is_object())
    for (const auto& [key, inner] : value.items()) {
      keys.insert(place + key);
      add_keys(inner, place + key + ".", keys);
    }
  else if (value.is_array())
    for (const auto& inner : value) add_keys(inner, place, keys);
}

std::set<std::string> keys_of(const json& report) {
  std::set<std::string> keys;
  add_keys(report, "", keys);
  return keys;
}

// The table of pins without one that came since; older plans had it at this value.
json without_pin(json pins, const std::string& name, const std::string& value) {
  for (std::size_t row = 0; row < pins["rows"].size(); ++row) {
    if (pins["rows"][row] != json{name, value, value}) continue;
    pins["rows"].erase(row);
    pins["differs"].erase(row);
    return pins;
  }
  FAIL("no row says " << name << " " << value);
  return pins;
}

}  // namespace

TEST_CASE("a matrix of an older version gives the report that it gave then") {
  const Scratch folder;
  unpack(folder);
  const json then = json::parse(content_of(folder / "old/report.json"));
  const auto printed = run_program(folder.path(), "report old --json");
  INFO(printed.err);
  REQUIRE(printed.code == 0);
  json now = json::parse(printed.out);
  now["pins"] = without_pin(now["pins"], "start", "recipe");
  auto keys = keys_of(then);
  keys.insert(
      {"beside", "emulated", "factors.by_value.distance", "not_bisected", "seeds"});  // that came since
  CHECK(keys_of(now) == keys);
  for (const char* part : {"class_details", "classes", "runs", "pairs", "first_differences", "curves", "pins",
                           "facts", "explaining_sets", "schema", "recipe_id", "exit_code", "steps"}) {
    INFO(part);
    CHECK(now[part] == then[part]);
  }
}

TEST_CASE("runs of an older version are the same runs to `diff`") {
  const Scratch folder;
  unpack(folder);
  const auto printed = run_program(folder.path(),
                                   "diff runs/f45c6105e4df9a95e33d8eeefdd088ae/1 "
                                   "runs/f45c6105e4df9a95e33d8eeefdd088ae/2 --json");
  INFO(printed.err);
  CHECK(printed.code == 0);
  CHECK(json::parse(printed.out)["classes"].size() == 1);
}

TEST_CASE("the plans of the shipped recipes have the names that they had") {
  const std::map<std::string, std::string> names = {{"chargpt", "bb4223f38fec08cd1dec3589b075f267"},
                                                    {"gpt2", "49ee2f589e165226173cac09355a858a"},
                                                    {"lenet", "1443dc379a5d0e73f91933e950453276"},
                                                    {"mnist1d", "f8430cb2741c4a3de3e64f52ade1db5c"},
                                                    {"waves", "bc7bc5a9ac4572edb8fc531994682a8d"}};
  for (const auto& [name, id] : names) {
    INFO(name);
    CHECK(plan_id(plan_of(read_recipe(REPRISE_SOURCE "/recipes/" + name + ".toml"), {})) == id);
  }
}
