// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/card.h"

#include <algorithm>

#include "harness/base/files.h"
#include "harness/judge/card/licence.h"
#include "harness/judge/card/mot.h"
#include "harness/plan/recipe.h"

namespace reprise {

namespace fs = std::filesystem;

Card empty_card(std::string name) {
  Card card;
  card.name = std::move(name);
  for (const auto& component : component_table()) {
    ComponentClaim claim;
    claim.component = &component;
    card.components.push_back(claim);
  }
  for (const auto& field : field_table()) {
    FieldClaim claim;
    claim.field = &field;
    card.fields.push_back(claim);
  }
  return card;
}

Card read_card(const fs::path& path) {
  const std::string text = read_file(path, "card");
  const auto ending = path.extension();
  if (ending == ".yml" || ending == ".yaml") return card_from_mot(text, path);
  return card_from_toml(text, path);
}

std::vector<fs::path> card_folders() {
  std::vector<fs::path> folders;
  for (const auto& folder : split(environment_text("REPRISE_RECIPES"), ':'))
    if (!folder.empty()) folders.push_back(fs::path(folder) / "cards");
  folders.emplace_back("recipes/cards");
  folders.push_back((shipped_recipes() / "cards").lexically_normal());
  return folders;
}

std::map<std::string, fs::path> cards_in(const std::vector<fs::path>& folders) {
  std::map<std::string, fs::path> known;
  for (const auto& folder : folders)
    for (const auto& path : list_folder(folder))
      if (path.extension() == ".toml" && fs::is_regular_file(path)) known.emplace(path.stem().string(), path);
  return known;
}

const ComponentClaim& claim_of(const Card& card, std::string_view component) {
  const auto found = std::ranges::find_if(
      card.components, [&](const ComponentClaim& claim) { return claim.component->name == component; });
  check(found != card.components.end(), "a card holds every component");
  return *found;
}

const FieldClaim& field_of(const Card& card, std::string_view field) {
  const auto found =
      std::ranges::find_if(card.fields, [&](const FieldClaim& claim) { return claim.field->name == field; });
  check(found != card.fields.end(), "a card holds every field");
  return *found;
}

std::string licence_of(const Card& card, const ComponentClaim& claim) {
  if (!claim.licence.empty()) return claim.licence;
  const auto found = card.licence.by_content.find(claim.component->content);
  if (found != card.licence.by_content.end() && !found->second.empty()) return found->second;
  return card.licence.distribution;
}

std::string licence_title(const Card& card, const std::string& licence) {
  for (const auto& own : card.own_licences)
    if (own.id == licence) return own.title;
  return licence;
}

}  // namespace reprise
