// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/recipe_card.h"

#include <catch2/catch.hpp>

#include "card/cards.h"

using namespace reprise;

namespace {

Card of(const std::string& recipe) {
  return card_of_recipe(read_recipe(REPRISE_SOURCE "/recipes/" + recipe + ".toml"));
}

}  // namespace

TEST_CASE("the card of a recipe claims what the recipe pins, and no licence of its data") {
  const Card card = of("lenet");
  CHECK(card.recipes == std::vector<std::string>{"lenet"});
  CHECK(field_of(card, "recipe_id").note.size() == 32);
  CHECK(field_of(card, "data").published == Published::partly);
  const auto& data = claim_of(card, components::datasets);
  CHECK(data.published == Published::yes);
  CHECK(licence_of(card, data).empty());
  CHECK(claim_of(card, components::weights).published == Published::unsaid);
  CHECK(ingredients_of(card).runnable == Runnable::complete);
}

TEST_CASE("a command's own code, data and settings are claimed by nobody") {
  Recipe recipe;
  recipe.name = "train";
  recipe.defaults.command = CommandLine{{"python", "train.py"}, Seeding::imposed, {}, ""};
  const Card card = card_of_recipe(recipe);
  CHECK(claim_of(card, components::training).published == Published::unsaid);
  CHECK(claim_of(card, components::datasets).published == Published::unsaid);
  CHECK(ingredients_of(card).runnable == Runnable::unsaid);
}
