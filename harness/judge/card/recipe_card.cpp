// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/recipe_card.h"

namespace reprise {

namespace {

void say(Disclosure& claim, Published published, const std::string& source, const std::string& note) {
  claim.published = published;
  claim.source = source;
  claim.note = note;
}

ComponentClaim& component_of(Card& card, std::string_view name) {
  return card.components.at(static_cast<std::size_t>(&component_named(name) - component_table().data()));
}

FieldClaim& manifest_of(Card& card, std::string_view name) {
  return card.fields.at(static_cast<std::size_t>(&field_named(name) - field_table().data()));
}

// What comes with reprise is published with it, under its licence; data files are named, their licence is
// not.
void say_of_program(Card& card, const Plan& plan) {
  const std::string program = "the program " + plan.program + " of reprise";
  for (const auto name : {components::training, components::architecture}) {
    auto& claim = component_of(card, name);
    say(claim, Published::yes, program, "");
    claim.licence = "Apache-2.0";
  }
  say(manifest_of(card, "hyperparameters"), Published::yes, card.origin, "every parameter has a value there");
  say(manifest_of(card, "order rule"), Published::yes, card.origin, "pin batch-order and the seed");
  say(manifest_of(card, "rng"), Published::yes, card.origin, "counter-based streams, from the pin seed");
  say(manifest_of(card, "numerics"), Published::yes, card.origin, "pins, each with a value");
  if (plan.data.empty())
    say(component_of(card, components::datasets), Published::yes, program, "made by the program itself");
}

void say_of_data(Card& card, const Plan& plan) {
  if (plan.data.empty()) return;
  std::vector<std::string> sources;
  for (const auto& file : plan.data)
    if (!file.source.empty()) sources.push_back(file.source);
  const bool all = sources.size() == plan.data.size();
  const std::string note = fmt::format("SHA-256 of {} files; their licence is not named", plan.data.size());
  say(manifest_of(card, "data"), Published::partly, card.origin, note);
  if (!sources.empty())
    say(component_of(card, components::datasets), all ? Published::yes : Published::partly, card.origin,
        join(sources, "; "));
}

}  // namespace

Card card_of_recipe(const Recipe& recipe) {
  const Plan& plan = recipe.defaults;
  Card card = empty_card(recipe.name);
  card.title = recipe.name;
  card.summary = recipe.summary;
  card.origin = recipe.path.empty() ? recipe.name : recipe.path.filename().string();
  card.recipes = {recipe.name};
  card.scale = "the recipe of this card itself";
  say(manifest_of(card, "recipe_id"), Published::yes, card.origin, recipe_id(plan));
  if (!plan.command) say_of_program(card, plan);
  say_of_data(card, plan);
  if (plan.metric)
    say(manifest_of(card, "margin, n_seeds"), Published::partly, card.origin, "a margin, no number of seeds");
  return card;
}

}  // namespace reprise
