// SPDX-License-Identifier: Apache-2.0
// The table of all systems.
#include <algorithm>

#include "reports/cards/card_parts.h"
#include "reports/cards/card_report.h"

namespace reprise {

namespace {

using Json = nlohmann::ordered_json;
using Cards = std::span<const CardFound>;

blocks::Presence presence_of(Cards cards) {
  blocks::Presence found;
  found.caption = "What each system publishes, by what its sources say. A source is named on each cell.";
  for (const auto& one : cards) {
    blocks::PresenceRow row{one.card.title, {}};
    found.columns.clear();
    for (const auto& shown : shown_of(one.card)) {
      // Broken where a column is too narrow for it.
      found.columns.push_back(replace_all(shown.title, "hyperp", "hyper- p"));
      const std::string licence = shown.licence.empty() ? "" : shown.licence + "; ";
      row.cells.push_back({std::string(to_text(shown.claim.published)), licence + source_words(shown.claim)});
    }
    found.rows.push_back(std::move(row));
  }
  return found;
}

std::string counts_of(const Card& card) {
  const auto shown = shown_of(card);
  const auto yes =
      std::ranges::count_if(shown, [](const Shown& one) { return one.claim.published == Published::yes; });
  return fmt::format("{} of {}", yes, shown.size());
}

std::string missing_words(const CardFound& found) {
  std::vector<std::string> names;
  for (const auto& one : found.ingredients.missing)
    names.push_back(one.name + (one.claim.published == Published::partly ? " (in part)" : ""));
  for (const auto& one : found.ingredients.untold) names.push_back(one.name + " (no source)");
  return names.empty() ? "nothing that a run needs" : join(names, ", ");
}

blocks::Table table_of(Cards cards) {
  blocks::Table table{.label = "Systems", .style = "systems"};
  table.columns = {{"system", 17},   {"published", 9}, {"class", 9},     {"class III", 0},
                   {"runnable", 12}, {"lacks", 0},     {"measured", 10}, {"bit horizon", 11}};
  for (const auto& one : cards) {
    const auto& open_model = one.mof.classes.front();
    const Mood mood = one.ingredients.runnable == Runnable::not_runnable ? Mood::bad : Mood::neutral;
    table.rows.push_back({{{one.card.title},
                           {counts_of(one.card)},
                           {class_words(one.mof)},
                           {fmt::format("{} of {}", open_model.included, open_model.required)},
                           {std::string(to_text(one.ingredients.runnable)), blocks::Form::verdict, {}, mood},
                           {missing_words(one)},
                           {measured_words(one)},
                           {horizon_words(one)}}});
  }
  return table;
}

Json members_of(const CardFound& one) {
  Json published = Json::object();
  for (const auto& shown : shown_of(one.card)) {
    Json claim = {{"published", to_text(shown.claim.published)}};
    claim["licence"] = shown.licence.empty() ? Json() : Json(shown.licence);
    claim["source"] = shown.claim.source.empty() ? Json() : Json(shown.claim.source);
    if (!shown.claim.note.empty()) claim["note"] = shown.claim.note;
    published[shown.title] = claim;
  }
  Json missing = Json::array();
  for (const auto& ingredient : one.ingredients.missing) missing.push_back(ingredient.name);
  return {{"card", one.card.name},
          {"system", one.card.title},
          {"published", published},
          {"mof", classes_members(one.mof)},
          {"osaid", to_text(one.osaid.meets)},
          {"runnable", to_text(one.ingredients.runnable)},
          {"missing", missing},
          {"measured", measured_members(one)},
          {"untested", one.untested.empty() ? Json() : Json(one.untested)}};
}

template <class Holds>
std::string count_of(Cards cards, Holds holds) {
  return std::to_string(std::ranges::count_if(cards, holds));
}

std::string headline_of(Cards cards) {
  return fmt::format("Of {} systems, {} cannot be run as published.", cards.size(),
                     count_of(cards, [](const CardFound& one) {
                       return one.ingredients.runnable == Runnable::not_runnable;
                     }));
}

std::vector<std::string> verdict_of(Cards cards) {
  const auto classed = count_of(cards, [](const CardFound& one) { return one.mof.reached > 0; });
  const auto ordered = count_of(cards, [](const CardFound& one) {
    return field_of(one.card, "order rule").published == Published::yes;
  });
  const auto ran =
      count_of(cards, [](const CardFound& one) { return !one.measured.empty() || !one.claims.empty(); });
  return {fmt::format(
              "By what their sources say, {} of them are in a class of the Model Openness Framework, and {} "
              "say in full how batches are ordered.",
              classed, ordered),
          fmt::format("Runs of {} of them, or of a scaled-down form, are kept here.", ran)};
}

}  // namespace

Report cards_report(Cards cards) {
  Report report;
  report.schema = "reprise.cards/1";
  report.kind = "Openness cards";
  report.closing = "The same for programs: reprise card --all --json. Nothing was run to make this page.";
  report.recipe = "cards";
  report.title = fmt::format("Openness of {} systems", cards.size());
  report.subtitle = fmt::format("{} cards, each claim with its source", cards.size());
  report.headline = headline_of(cards);
  report.verdict = verdict_of(cards);
  Json systems = Json::array();
  for (const auto& one : cards) systems.push_back(members_of(one));
  Section table{.heading = "Published, and measured", .key = "systems", .order = {.page = 10}};
  table.blocks = {
      {blocks::Prose{report.verdict}, Readers::terminal}, {presence_of(cards)}, {table_of(cards)}};
  table.blocks.push_back({blocks::Prose{
      {"Published: of the things in the picture, those that are there in full. Class: of the Model Openness "
       "Framework, by what the sources say; class III counts what it needs and has under an open licence. "
       "Measured: runs of a recipe of reprise, which may be a scaled-down form; untested where none are "
       "kept."},
      true}});
  table.members = {{"systems", systems}};
  report.sections = {table};
  return report;
}

}  // namespace reprise
