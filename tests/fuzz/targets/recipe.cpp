// SPDX-License-Identifier: Apache-2.0
// Recipes of strangers.
#include "harness/plan/recipe.h"
#include "fuzz/placed.h"
#include "fuzz/target.h"
#include "harness/base/files.h"
#include "plan/small_recipe.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {small_recipe_text(), read_file(REPRISE_SOURCE "/recipes/waves.toml", "recipe")};
}

void read(const std::string& input) { plan_of(read_recipe(placed(input, "recipe/fuzzed.toml")), {}); }

}  // namespace

extern const FuzzTarget recipe{
    .summary = "recipes",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
