// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/ingredients.h"

namespace reprise {

std::span<const Word<Runnable>> words_of(Runnable /*of*/) {
  static constexpr Word<Runnable> words[] = {{Runnable::complete, "ingredients published"},
                                             {Runnable::not_runnable, "not runnable"},
                                             {Runnable::unsaid, "cannot be told"}};
  return words;
}

Ingredients ingredients_of(const Card& card) {
  Ingredients found;
  for (const auto name : {components::training, components::datasets})
    found.needed.push_back({std::string(name), claim_of(card, name)});
  for (const auto& claim : card.fields) {
    const std::string name(claim.field->name);
    if (claim.published == Published::yes) found.published_fields.push_back(name);
    if (claim.field->needed_for == NeededFor::running) found.needed.push_back({name, claim});
    if (claim.field->needed_for != NeededFor::equal_bits || claim.published == Published::yes) continue;
    (claim.published == Published::unsaid ? found.untold_bits : found.lacking_bits).push_back(name);
  }
  for (const auto& one : found.needed) {
    if (one.claim.published == Published::unsaid) found.untold.push_back(one);
    if (one.claim.published == Published::no || one.claim.published == Published::partly)
      found.missing.push_back(one);
  }
  found.runnable = !found.missing.empty() ? Runnable::not_runnable
                   : found.untold.empty() ? Runnable::complete
                                          : Runnable::unsaid;
  return found;
}

namespace {

std::string listed(const std::vector<Ingredient>& all) {
  std::vector<std::string> words;
  for (const auto& one : all) {
    const bool part = one.claim.published == Published::partly;
    const std::string note = one.claim.note.empty() ? "" : ": " + one.claim.note;
    words.push_back(one.name + (part ? " (partly" + note + ")" : ""));
  }
  return join(words, ", ");
}

}  // namespace

std::string runnable_sentence(const Ingredients& ingredients) {
  const std::string untold =
      ingredients.untold.empty() ? "" : fmt::format(" No source tells of: {}.", listed(ingredients.untold));
  switch (ingredients.runnable) {
    case Runnable::not_runnable:
      return fmt::format("Not runnable as published. Missing: {}.{}", listed(ingredients.missing), untold);
    case Runnable::unsaid:
      return "Whether it can be run as published cannot be told." + untold;
    case Runnable::complete:
      return fmt::format("What a run needs is published ({}); that it runs is not thereby shown.",
                         listed(ingredients.needed));
  }
  return "";
}

}  // namespace reprise
