// SPDX-License-Identifier: Apache-2.0
#include "reports/cards/card_parts.h"

#include "harness/judge/card/licence.h"

namespace reprise {

using Json = nlohmann::ordered_json;
using blocks::Form;

blocks::Words published_words(Published published) {
  const Mood mood = published == Published::yes  ? Mood::good
                    : published == Published::no ? Mood::bad
                                                 : Mood::neutral;
  return {std::string(to_text(published)), Form::verdict, {}, mood};
}

std::string source_words(const Disclosure& claim) {
  if (claim.note.empty()) return claim.source;
  return claim.source.empty() ? claim.note : claim.source + ": " + claim.note;
}

namespace {

bool is_there(const Disclosure& claim) {
  return claim.published == Published::yes || claim.published == Published::partly;
}

Json claim_members(const Disclosure& claim) {
  Json members = {{"published", to_text(claim.published)}};
  members["source"] = claim.source.empty() ? Json() : Json(claim.source);
  if (!claim.note.empty()) members["note"] = claim.note;
  return members;
}

}  // namespace

Section components_section(const CardFound& found) {
  blocks::Table table{.label = "Components"};
  table.columns = {{"component", 26}, {"published", 9}, {"licence", 16}, {"in its class", 14}, {"source", 0}};
  Json list = Json::array();
  for (const auto& one : found.mof.components) {
    const auto& claim = *one.claim;
    const std::string licence = licence_title(found.card, one.licence);
    const std::string shown = !is_there(claim) ? "" : licence.empty() ? "no source" : licence;
    table.rows.push_back({{{std::string(claim.component->name)},
                           published_words(claim.published),
                           {shown},
                           {std::string(to_text(one.standing))},
                           {source_words(claim)}}});
    Json members = {{"name", claim.component->name}};
    members.update(claim_members(claim));
    members["licence"] = shown.empty() || licence.empty() ? Json() : Json(licence);
    members["standing"] = to_text(one.standing);
    list.push_back(members);
  }
  return {.heading = "What is published",
          .blocks = {{table}},
          .members = {{"components", list}},
          .key = "published",
          .order = {.page = 20}};
}

Json classes_members(const Mof& mof) {
  Json classes = Json::array();
  for (const auto& one : mof.classes)
    classes.push_back({{"class", roman(one.number)},
                       {"included", one.included},
                       {"required", one.required},
                       {"progress", one.progress}});
  return {{"reached", roman(mof.reached)},
          {"possible", roman(mof.possible)},
          {"classes", classes},
          {"ruled_out_by", mof.ruled_out_by}};
}

Section classes_section(const CardFound& found) {
  const Mof& mof = found.mof;
  blocks::Prose prose;
  prose.sentences.push_back(fmt::format("Class by the Model Openness Framework: {}.", class_words(mof)));
  if (!mof.ruled_out_by.empty())
    prose.sentences.push_back(fmt::format("Class {} is ruled out by: {}.",
                                          roman(mof.possible == 0 ? 3 : mof.possible - 1),
                                          join(mof.ruled_out_by, ", ")));
  if (mof.possible != mof.reached)
    prose.sentences.push_back(
        fmt::format("At best it could be class {}: what has no source is not counted.", roman(mof.possible)));
  blocks::Table table{.label = "Classes"};
  table.columns = {{"class", 24}, {"included", 10}, {"required", 10}, {"progress", 10}};
  static constexpr const char* names[] = {"I Open Science", "II Open Tooling", "III Open Model"};
  for (const auto& one : mof.classes)
    table.rows.push_back({{{names[one.number - 1]},
                           {std::to_string(one.included), Form::number},
                           {std::to_string(one.required), Form::number},
                           {fmt::format("{:.0f} %", one.progress), Form::number}}});
  return {.heading = "Model Openness Framework",
          .blocks = {{prose}, {table}},
          .members = {{"mof", classes_members(mof)}},
          .key = "class",
          .order = {.page = 30}};
}

Section checklist_section(const CardFound& found) {
  const Osaid& osaid = found.osaid;
  const char* word = osaid.meets == Published::yes  ? "met"
                     : osaid.meets == Published::no ? "not met"
                                                    : "not shown";
  blocks::Prose prose{{fmt::format("What the definition always needs is {} by what the sources say.", word)}};
  if (!osaid.ruled_out_by.empty())
    prose.sentences.push_back("Lacking: " + join(osaid.ruled_out_by, ", ") + ".");
  if (!osaid.unsaid.empty()) prose.sentences.push_back("Not shown: " + join(osaid.unsaid, ", ") + ".");
  blocks::Table table{.label = "Checklist"};
  table.columns = {{"item", 4},       {"asks for", 34},   {"needed", 8},
                   {"published", 10}, {"open terms", 10}, {"source", 0}};
  Json list = Json::array();
  for (const auto& answer : osaid.answers) {
    const bool asks = is_there(answer.claim) && (answer.item->id.front() == 'C' || answer.item->id == "P1");
    const std::string terms = !asks                    ? ""
                              : answer.open_terms      ? "yes"
                              : answer.licence.empty() ? "no source"
                                                       : "no";
    table.rows.push_back({{{std::string(answer.item->id)},
                           {std::string(answer.item->text)},
                           {std::string(to_text(answer.item->needed))},
                           published_words(answer.claim.published),
                           {terms},
                           {source_words(answer.claim)}}});
    Json members = {{"id", answer.item->id}};
    members.update(claim_members(answer.claim));
    members["open_terms"] = terms.empty() ? Json() : Json(terms);
    list.push_back(members);
  }
  return {.heading = "Open Source AI Definition 1.0",
          .blocks = {{prose}, {table, Readers::pages}},
          .members = {{"osaid", {{"meets", to_text(osaid.meets)}, {"items", list}}}},
          .key = "definition",
          .order = {.page = 40}};
}

Section manifest_section(const CardFound& found) {
  blocks::Table table{.label = "Manifest"};
  table.columns = {{"field", 18}, {"holds", 0}, {"published", 10}, {"needed for", 18}, {"source", 20}};
  Json list = Json::array();
  for (const auto& claim : found.card.fields) {
    table.rows.push_back({{{std::string(claim.field->name)},
                           {std::string(claim.field->content)},
                           published_words(claim.published),
                           {std::string(to_text(claim.field->needed_for))},
                           {source_words(claim)}}});
    Json members = {{"field", claim.field->name}};
    members.update(claim_members(claim));
    members["needed_for"] = to_text(claim.field->needed_for);
    list.push_back(members);
  }
  const auto& found_in = found.ingredients;
  blocks::Prose prose{{fmt::format("{} of {} fields are published in full.", found_in.published_fields.size(),
                                   found.card.fields.size())}};
  if (!found_in.lacking_bits.empty())
    prose.sentences.push_back("Missing for equal bits: " + join(found_in.lacking_bits, ", ") + ".");
  if (!found_in.untold_bits.empty())
    prose.sentences.push_back(
        "Of these that equal bits need no source tells: " + join(found_in.untold_bits, ", ") + ".");
  return {.heading = "Reproducibility manifest",
          .blocks = {{prose}, {table, Readers::pages}},
          .members = {{"manifest", list}},
          .key = "manifest",
          .order = {.page = 50}};
}

}  // namespace reprise
