// SPDX-License-Identifier: Apache-2.0
#pragma once
// An openness card: what one release publishes, thing by thing, each claim with its source. One TOML file is
// one card (docs/openness.md); a folder of them, recipes/cards, is the list of systems. It holds every
// component and every field, in their tables' order; what the file does not name has no source.
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/card/component.h"
#include "harness/judge/card/field.h"
#include "harness/judge/card/published.h"

namespace reprise {

struct OwnLicence {  // one that SPDX does not list: never open, and named by the card itself
  std::string id, title, path, source;  // "LicenseRef-Llama-2"
};

struct ComponentClaim : Disclosure {
  const Component* component = nullptr;
  std::string licence;  // an SPDX identifier, an own one's, "unlicensed", or "": no source says
  std::string path;     // where it can be had, or ""
};

struct FieldClaim : Disclosure {
  const Field* field = nullptr;
};

struct ItemClaim
    : Disclosure {  // of the checklist of the Open Source AI Definition, where no component tells it
  std::string id;
};

// What holds for components that name no licence of their own.
struct ReleaseLicence {
  std::string distribution, source;
  std::map<Content, std::string> by_content;
};

struct Card {
  std::string name;  // of its file
  std::string title, producer, version, date, type, architecture, treatment, repository;
  std::string summary;               // a sentence, or ""
  std::vector<std::string> recipes;  // of reprise, whose kept runs are shown beside it
  std::string scale;                 // what those are to the release: "a scaled-down form"
  std::string origin;                // the file, as it was named
  ReleaseLicence licence;
  std::vector<OwnLicence> own_licences;
  std::vector<ComponentClaim> components;
  std::vector<FieldClaim> fields;
  std::vector<ItemClaim> items;
};

// One that claims nothing.
Card empty_card(std::string name);

// Unknown components, fields, items and licences, claims without a source and missing keys are Errors with
// the line.
Card card_from_toml(std::string_view text, const std::filesystem::path& path);
// Of a TOML card or a YAML file of the Model Openness Tool, told by its ending.
Card read_card(const std::filesystem::path& path);

// Where cards are looked for: `cards` in each folder of recipes.
std::vector<std::filesystem::path> card_folders();
// Bare name -> file, of every card of these folders; the first folder that has one wins.
std::map<std::string, std::filesystem::path> cards_in(const std::vector<std::filesystem::path>& folders);

const ComponentClaim& claim_of(const Card& card, std::string_view component);
const FieldClaim& field_of(const Card& card, std::string_view field);
// The licence that a component comes under: its own, else the release's for its content, else for the
// distribution; "" where no source says.
std::string licence_of(const Card& card, const ComponentClaim& claim);
// For people: the title of an own licence, else the identifier.
std::string licence_title(const Card& card, const std::string& licence);

}  // namespace reprise
