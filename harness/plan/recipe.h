// SPDX-License-Identifier: Apache-2.0
#pragma once
// A recipe says what to train: a TOML file (docs/recipes.md). Making a plan of it fills in every choice.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

struct Recipe {
  std::string name;     // of the file, without .toml
  std::string summary;  // one line for people
  std::filesystem::path path;
  Plan defaults;  // the plan that the recipe makes with no override
  // Allowed values of a parameter that takes words: "model" -> linear, mlp, cnn, gru. Empty: anything of the
  // type.
  std::map<std::string, std::vector<std::string>> choices;
};

// Reads a recipe. Unknown keys, missing keys, wrong types, duplicates and senseless numbers are Errors with
// the line.
Recipe read_recipe(const std::filesystem::path& path);
// `name`: a path to a TOML file, or the bare name of one in a recipe folder (./recipes, then the ones
// installed or built with the program). An unknown name is an Error with the nearest one.
Recipe find_recipe(std::string_view name);
// A command as somebody typed it, to be run from the folder it was typed in. The scripts that it names are
// part of it, by their content.
Recipe recipe_of_command(const std::vector<std::string>& words);
// The folder of the recipes that came with the program.
std::filesystem::path shipped_recipes();
// Every recipe in the recipe folders, sorted by name.
std::vector<Recipe> all_recipes();

// "--set k=v" (a parameter, or steps, batch, samples, checkpoint-every, evaluate-every, keep, until, ops,
// ops-phases, ops-min-elements, and the pin device; for a command seeding, keep-env, artifacts and
// hash-files) and "--pin k=v", as typed, in order. The plan is checked.
struct Choices {
  std::vector<std::pair<std::string, std::string>> set, pin;
  Fresh fresh = Fresh::no;
};
Plan plan_of(const Recipe& recipe, const Choices& choices);
// An Error if a parameter of a plan of this recipe has a value that its choices do not allow.
void check_choices(const Recipe& recipe, const Plan& plan);
// "k=v" cut at the first '='; an Error for a text without one. `option` names the option for people.
std::pair<std::string, std::string> cut_assignment(std::string_view text, std::string_view option);

}  // namespace reprise
