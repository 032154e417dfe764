// SPDX-License-Identifier: Apache-2.0
// A machine-learning bill of materials: CycloneDX 1.6, JSON. It has no serial number and no time of writing,
// which are optional there: equal cards give equal bytes.
#include <nlohmann/json.hpp>

#include "harness/judge/card/export.h"
#include "harness/judge/card/licence.h"

namespace reprise::card_exports {
namespace {

using Json = nlohmann::ordered_json;

Json licences_of(const Card& card, const std::string& licence) {
  Json one = {{"acknowledgement", "declared"}};
  // OpenMDW-1.0 is younger than the list of this version of CycloneDX.
  if (is_spdx(licence) && licence != "OpenMDW-1.0")
    one["id"] = licence;
  else
    one["name"] = licence_title(card, licence);
  for (const auto& own : card.own_licences)
    if (own.id == licence && !own.path.empty()) one["url"] = own.path;
  return Json::array({{{"license", one}}});
}

Json properties_of(const CardFound& found) {
  Json all = Json::array();
  const auto add = [&](const std::string& name, const std::string& value) {
    all.push_back({{"name", "reprise:" + name}, {"value", value}});
  };
  add("mof-class", class_words(found.mof));
  add("osaid", std::string(to_text(found.osaid.meets)));
  add("runnable", std::string(to_text(found.ingredients.runnable)));
  for (const auto& one : found.ingredients.missing) add("missing", one.name);
  for (const auto& claim : found.card.fields)
    add("manifest:" + std::string(claim.field->name), std::string(to_text(claim.published)));
  add("measured", measured_words(found));
  add("bit-horizon", horizon_words(found));
  return all;
}

std::string kind_of(const Component& component) {
  if (component.content == Content::code) return "application";
  return component.name == components::weights || component.name == components::checkpoints
             ? "machine-learning-model"
             : "data";
}

// The release itself, and one component for each thing that it publishes.
Json part_of(const Card& card, const ComponentClaim& claim) {
  Json part = {{"type", kind_of(*claim.component)},
               {"bom-ref", card.name + "/" + std::string(claim.component->name)},
               {"name", card.title + ": " + std::string(claim.component->name)}};
  const std::string licence = licence_of(card, claim);
  if (!licence.empty() && licence != unlicensed) part["licenses"] = licences_of(card, licence);
  part["properties"] = Json::array({{{"name", "reprise:published"}, {"value", to_text(claim.published)}},
                                    {{"name", "reprise:source"}, {"value", claim.source}}});
  if (!claim.note.empty()) part["description"] = claim.note;
  return part;
}

std::string write(std::span<const CardFound> cards) {
  const CardFound& found = only_card(cards, "cyclonedx");
  const Card& card = found.card;
  Json model = {{"type", "machine-learning-model"}, {"bom-ref", card.name}, {"name", card.title}};
  if (!card.version.empty()) model["version"] = card.version;
  if (!card.producer.empty()) model["publisher"] = card.producer;
  if (!card.architecture.empty())
    model["modelCard"] = {{"modelParameters", {{"architectureFamily", card.architecture}}}};
  if (!card.repository.empty())
    model["externalReferences"] = Json::array({{{"type", "website"}, {"url", card.repository}}});
  model["properties"] = properties_of(found);
  Json parts = Json::array();
  for (const auto& claim : card.components)
    if (claim.published == Published::yes || claim.published == Published::partly)
      parts.push_back(part_of(card, claim));
  const Json bom = {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
                    {"bomFormat", "CycloneDX"},
                    {"specVersion", "1.6"},
                    {"version", 1},
                    {"metadata", {{"component", model}}},
                    {"components", parts}};
  return bom.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

extern const CardExport cyclonedx{
    .summary = "a CycloneDX 1.6 bill of materials, JSON",
    .extension = "json",
    .write = write,
};

}  // namespace reprise::card_exports
