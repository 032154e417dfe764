// SPDX-License-Identifier: Apache-2.0
// What was run, beside what is published.
#include "reports/cards/card_parts.h"

namespace reprise {

namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> names_of(const std::vector<Ingredient>& all) {
  std::vector<std::string> names;
  for (const auto& one : all) names.push_back(one.name);
  return names;
}

Json number_or_null(const std::optional<std::int64_t>& value) { return value ? Json(*value) : Json(); }

blocks::Table axes_of(const Measured& measured) {
  blocks::Table table{.label = "Axes of " + measured.recipe};
  table.columns = {{"axis", 18}, {"result", 16}, {"found", 34}};
  for (const auto& axis : measured.axes) {
    const bool same = axis.finding == Finding::identical || axis.finding == Finding::equivalent;
    const Mood mood = same ? Mood::good : axis.finding == Finding::different ? Mood::bad : Mood::neutral;
    table.rows.push_back(
        {{{axis.name}, {std::string(to_text(axis.finding)), blocks::Form::verdict, {}, mood}, {axis.found}}});
  }
  return table;
}

Json claim_members(const CardFound& found) {
  Json list = Json::array();
  for (const auto& one : found.claims)
    list.push_back({{"recipe", one.recipe},
                    {"name", one.name},
                    {"answer", one.answer},
                    {"sentence", one.sentence},
                    {"report", one.report}});
  return list;
}

blocks::Table claims_of(const CardFound& found) {
  blocks::Table table{.label = "Claims that were held against runs"};
  table.columns = {{"recipe", 14}, {"claim", 14}, {"answer", 16}, {"why", 40}, {"from", 0}};
  for (const auto& one : found.claims) {
    const Mood mood = one.answer == "stands"           ? Mood::good
                      : one.answer == "does not stand" ? Mood::bad
                                                       : Mood::neutral;
    table.rows.push_back({{{one.recipe},
                           {one.name},
                           {one.answer, blocks::Form::verdict, {}, mood},
                           {one.sentence},
                           {one.report}}});
  }
  return table;
}

}  // namespace

Section measured_section(const CardFound& found) {
  Section section{.heading = "What was measured",
                  .members = {{"runnable", to_text(found.ingredients.runnable)},
                              {"missing", names_of(found.ingredients.missing)},
                              {"untold", names_of(found.ingredients.untold)},
                              {"measured", measured_members(found)},
                              {"claims", claim_members(found)},
                              {"untested", found.untested.empty() ? Json() : Json(found.untested)}},
                  .key = "measured",
                  .order = {.page = 10}};
  // On a page it stands in the verdict.
  section.blocks.push_back({blocks::Prose{{runnable_sentence(found.ingredients)}}, Readers::terminal});
  if (!found.untested.empty()) section.blocks.push_back({blocks::Prose{{"Untested: " + found.untested}}});
  for (const auto& one : found.measured) {
    section.blocks.push_back(
        {blocks::Prose{{fmt::format("Recipe {}, {}: {}. Bits: {}.", one.recipe, found.card.scale,
                                    classes_words(one), horizon_words(one.horizon)),
                        one.headline}}});
    section.blocks.push_back({axes_of(one)});
    section.blocks.push_back({blocks::Prose{{"From " + one.matrix}, true}});
  }
  if (!found.claims.empty()) section.blocks.push_back({claims_of(found)});
  return section;
}

Json measured_members(const CardFound& found) {
  Json list = Json::array();
  for (const auto& one : found.measured) {
    Json axes = Json::array();
    for (const auto& axis : one.axes)
      axes.push_back({{"axis", axis.name}, {"finding", to_text(axis.finding)}, {"found", axis.found}});
    const auto& horizon = one.horizon;
    list.push_back({{"recipe", one.recipe},
                    {"recipe_id", one.recipe_id},
                    {"scale", found.card.scale},
                    {"matrix", one.matrix},
                    {"tested", one.tested},
                    {"untested", one.untested},
                    {"classes", one.classes},
                    {"axes", axes},
                    {"bit_horizon",
                     {{"known", horizon.known},
                      {"parts_at", number_or_null(horizon.parts_at)},
                      {"steps", horizon.steps}}}});
  }
  return list;
}

}  // namespace reprise
