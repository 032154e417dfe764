// SPDX-License-Identifier: Apache-2.0
#pragma once
// The card of a recipe of reprise that no card names: what the recipe itself pins. The recipe is the source
// of every claim; of licences, weights and documents it says nothing, and neither does the card.
#include "harness/judge/card/card.h"
#include "harness/plan/recipe.h"

namespace reprise {

Card card_of_recipe(const Recipe& recipe);

}  // namespace reprise
