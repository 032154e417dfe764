// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/found.h"

#include <algorithm>

namespace reprise {

CardFound::CardFound(Card of, std::vector<Measured> with, std::string why_not)
    : card(std::move(of)),
      mof(mof_of(card)),
      osaid(osaid_of(card)),
      ingredients(ingredients_of(card)),
      measured(std::move(with)),
      untested(std::move(why_not)) {}

CardFound::CardFound(const CardFound& other) : CardFound(other.card, other.measured, other.untested) {
  claims = other.claims;
}

namespace {

// "claims: 3 stand, 1 cannot be told".
std::string claims_words(const std::vector<MeasuredClaim>& claims) {
  std::vector<std::string> parts;
  for (const auto& [answer, words] : {std::pair{"stands", "stand"},
                                      {"does not stand", "do not stand"},
                                      {"cannot be told", "cannot be told"}}) {
    const auto count = std::ranges::count(claims, answer, &MeasuredClaim::answer);
    if (count > 0) parts.push_back(fmt::format("{} {}", count, count == 1 ? answer : words));
  }
  return "claims: " + join(parts, ", ");
}

struct Seen {
  const char* title;
  std::string_view component, field;
};
constexpr Seen columns[] = {{"weights", components::weights, ""},
                            {"architecture", components::architecture, ""},
                            {"inference code", components::inference, ""},
                            {"training code", components::training, ""},
                            {"evaluation code", components::evaluation, ""},
                            {"data", components::datasets, ""},
                            {"report", components::report, ""},
                            {"checkpoints", components::checkpoints, ""},
                            {"optimizer state", "", "optimizer state"},
                            {"batch order", "", "order rule"},
                            {"hyperparameters", "", "hyperparameters"}};

}  // namespace

std::vector<Shown> shown_of(const Card& card) {
  std::vector<Shown> shown;
  for (const auto& column : columns) {
    if (column.component.empty()) {
      shown.push_back({column.title, field_of(card, column.field), ""});
      // The state itself, where a card tells of it; the field asks for its digest too.
      const auto state = std::ranges::find(card.items, "P3", &ItemClaim::id);
      if (column.field == "optimizer state" && state != card.items.end()) shown.back().claim = *state;
    } else {
      const auto& claim = claim_of(card, column.component);
      const bool there = claim.published == Published::yes || claim.published == Published::partly;
      shown.push_back({column.title, claim, there ? licence_title(card, licence_of(card, claim)) : ""});
    }
  }
  return shown;
}

std::string measured_words(const CardFound& found) {
  std::vector<std::string> words;
  for (const auto& one : found.measured) words.push_back(classes_words(one) + " (" + one.recipe + ")");
  if (!found.claims.empty()) words.push_back(claims_words(found.claims));
  return words.empty() ? "untested" : join(words, "; ");
}

std::string horizon_words(const CardFound& found) {
  std::vector<std::string> words;
  for (const auto& one : found.measured) words.push_back(horizon_words(one.horizon));
  return words.empty() ? "untested" : join(words, "; ");
}

}  // namespace reprise
