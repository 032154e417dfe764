// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/judge/card/licence.h"
#include "harness/judge/card/mot.h"
#include "harness/judge/card/yaml.h"

namespace reprise {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_components = 17;

struct Record {
  std::string where;

  const Json& table(const Json& in, const char* key, const char* of) const {
    const auto found = in.find(key);
    if (found == in.end() || !found->is_object())
      fail("{}: wanted a table '{}' in {}, found none; a record of the Model Openness Tool has one", where,
           key, of);
    return *found;
  }

  // A text, "" where it is missing or empty.
  std::string text(const Json& in, const char* key) const {
    const auto found = in.find(key);
    if (found == in.end() || found->is_null()) return "";
    if (!found->is_string()) fail("{}: wanted a text for '{}', found a list or a table", where, key);
    return found->get<std::string>();
  }

  std::string needed(const Json& in, const char* key, const char* of) const {
    std::string found = text(in, key);
    if (found.empty())
      fail("{}: wanted '{}' in {}, found none; the tool's schema asks for it", where, key, of);
    return found;
  }

  std::string word(const Json& in, const char* key) const {
    std::string found = text(in, key);
    const auto known = mot_words(key);
    if (!found.empty() && std::ranges::find(known, found) == known.end())
      fail("{}: {}", where, unknown_name(key, found, known));
    return found;
  }
};

// A licence's own words become an identifier that no list knows.
std::string licence_id(Card& card, const std::string& words, const std::string& source) {
  if (words.empty() || words == unlicensed || is_spdx(words)) return words;
  std::string id = "LicenseRef-";
  for (const char c : words) id += std::isalnum(static_cast<unsigned char>(c)) || c == '.' ? c : '-';
  const auto same = [&](const OwnLicence& own) { return own.id == id; };
  if (std::ranges::none_of(card.own_licences, same)) card.own_licences.push_back({id, words, "", source});
  return id;
}

void read_licences(const Record& record, const Json& release, Card& card) {
  const Json& licences = record.table(release, "license", "release");
  card.licence.source = card.origin;
  const auto name_of = [&](const char* key) {
    const auto found = licences.find(key);
    if (found == licences.end() || found->is_null()) return std::string();
    if (!found->is_object())
      fail("{}: wanted a table with a name for the licence '{}' of the release, found a text", record.where,
           key);
    return licence_id(card, record.text(*found, "name"), card.origin);
  };
  card.licence.distribution = name_of("distribution");
  for (const auto& [content, word] : words_of(Content{}))
    if (auto licence = name_of(std::string(word).c_str()); !licence.empty())
      card.licence.by_content[content] = licence;
}

void read_component(const Record& record, const Json& entry, Card& card) {
  const std::string name = record.needed(entry, "name", "a component");
  std::size_t place = 0;
  try {
    place = static_cast<std::size_t>(&component_named(name) - component_table().data());
  } catch (const Error& error) {
    fail("{}: {}", record.where, error.what());
  }
  auto& claim = card.components.at(place);
  if (claim.published != Published::unsaid)
    fail("{}: the component '{}' stands there twice", record.where, name);
  claim.published = Published::yes;
  claim.source = card.origin;
  claim.licence = licence_id(card, record.text(entry, "license"), card.origin);
  claim.path = record.text(entry, "component_path");
}

}  // namespace

Card card_from_mot(std::string_view text, const std::filesystem::path& path) {
  const Record record{path.string()};
  const Json tree = yaml_tree(text, record.where);
  if (!tree.is_object())
    fail("{}: wanted a record with 'framework' and 'release', found no table", record.where);
  const Json& framework = record.table(tree, "framework", "the record");
  for (const auto* key : {"name", "version", "date"}) record.needed(framework, key, "framework");
  const Json& release = record.table(tree, "release", "the record");
  Card card = empty_card(path.stem().string());
  card.origin = path.filename().string();
  card.title = record.needed(release, "name", "release");
  card.producer = record.text(release, "producer");
  card.version = record.text(release, "version");
  card.date = record.text(release, "date");
  card.type = record.word(release, "type");
  card.architecture = record.word(release, "architecture");
  card.treatment = record.word(release, "treatment");
  card.repository = record.text(release, "repository");
  read_licences(record, release, card);
  const auto listed = release.find("components");
  if (listed == release.end() || !listed->is_array())
    fail("{}: wanted a list 'components' in release, found none", record.where);
  if (listed->size() > most_components)
    fail("{}: wanted at most {} components, found {}", record.where, most_components, listed->size());
  for (const auto& entry : *listed) {
    if (!entry.is_object()) fail("{}: wanted a table for each component, found a text", record.where);
    read_component(record, entry, card);
  }
  return card;
}

}  // namespace reprise
