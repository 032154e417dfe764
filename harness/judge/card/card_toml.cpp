// SPDX-License-Identifier: Apache-2.0
// A card as people write it.
#include <algorithm>

#include "harness/base/toml.h"
#include "harness/judge/card/card.h"
#include "harness/judge/card/licence.h"
#include "harness/judge/card/osaid.h"

namespace reprise {

namespace {

// A claim with no source is no claim; what nobody says needs none.
void read_claim(TomlTable& table, const std::string& what, Disclosure& claim) {
  claim.published = read_word<Published>(table, "published");
  claim.source = table.text_or("source", "");
  claim.note = table.text_or("note", "");
  const bool claims = claim.published != Published::unsaid;
  if (claims && trim(claim.source).empty())
    table.refuse("source", fmt::format("wanted a source for '{} = {}', found none; name who says so, or "
                                       "write published = \"no source\"",
                                       what, to_text(claim.published)));
  if (!claims && !claim.source.empty())
    table.refuse("source", fmt::format("found a source for {}, which has none by its own word; say what "
                                       "the source says (yes, partly or no), or leave it out",
                                       what));
}

void check_licence(TomlTable& table, std::string_view key, const Card& card, const std::string& licence) {
  const auto owned = [&](const OwnLicence& own) { return own.id == licence; };
  if (licence.empty() || licence == unlicensed || is_spdx(licence) ||
      std::ranges::any_of(card.own_licences, owned))
    return;
  const std::string near = nearest_spdx(licence);
  table.refuse(key, fmt::format("wanted an SPDX identifier, one that this card declares under [[licences]], "
                                "or \"unlicensed\", found '{}'{}",
                                licence, near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void read_own_licences(TomlTable& root, Card& card) {
  for (auto& table : root.tables("licences")) {
    OwnLicence own{table.text("id"), table.text("title"), table.text_or("path", ""), table.text("source")};
    if (!own.id.starts_with("LicenseRef-"))
      table.refuse("id", fmt::format("wanted an id that begins with LicenseRef- for a licence that SPDX does "
                                     "not list, found '{}'",
                                     own.id));
    table.finish();
    card.own_licences.push_back(std::move(own));
  }
}

void read_release_licence(TomlTable& root, Card& card) {
  auto table = root.optional_table("licence");
  if (!table) return;
  card.licence.source = table->text("source");
  card.licence.distribution = table->text_or("distribution", "");
  check_licence(*table, "distribution", card, card.licence.distribution);
  for (const auto& [content, word] : words_of(Content{})) {
    const std::string licence = table->text_or(word, "");
    check_licence(*table, word, card, licence);
    if (!licence.empty()) card.licence.by_content[content] = licence;
  }
  table->finish();
}

// The claim of the one that a table names; a second table of one name is refused.
template <class Claims, class Named>
auto& claim_named(TomlTable& table, std::string_view key, Claims& claims, Named named) {
  const std::string name = table.text(key);
  std::size_t place = 0;
  try {
    place = named(name);
  } catch (const Error& error) {
    table.refuse(key, error.what());
  }
  auto& claim = claims.at(place);
  if (claim.published != Published::unsaid || !claim.note.empty())
    table.refuse(key, fmt::format("found '{}' a second time; keep one of the two", name));
  return claim;
}

void read_components(TomlTable& root, Card& card) {
  const auto place = [](const std::string& name) {
    return static_cast<std::size_t>(&component_named(name) - component_table().data());
  };
  for (auto& table : root.tables("component")) {
    auto& claim = claim_named(table, "name", card.components, place);
    read_claim(table, std::string(claim.component->name), claim);
    claim.licence = table.text_or("licence", "");
    check_licence(table, "licence", card, claim.licence);
    claim.path = table.text_or("path", "");
    table.finish();
  }
}

void read_fields(TomlTable& root, Card& card) {
  const auto place = [](const std::string& name) {
    return static_cast<std::size_t>(&field_named(name) - field_table().data());
  };
  for (auto& table : root.tables("field")) {
    auto& claim = claim_named(table, "name", card.fields, place);
    read_claim(table, std::string(claim.field->name), claim);
    table.finish();
  }
}

void read_items(TomlTable& root, Card& card) {
  for (auto& table : root.tables("item")) {
    ItemClaim claim;
    claim.id = table.text("id");
    try {
      osaid_item(claim.id);
    } catch (const Error& error) {
      table.refuse("id", error.what());
    }
    read_claim(table, claim.id, claim);
    table.finish();
    card.items.push_back(std::move(claim));
  }
}

}  // namespace

Card card_from_toml(std::string_view text, const std::filesystem::path& path) {
  auto root = TomlTable::parse(text, path.string());
  Card card = empty_card(path.stem().string());
  card.origin = path.filename().string();
  card.title = root.text("title");
  card.producer = root.text("producer");
  card.summary = root.text_or("summary", "");
  card.version = root.text_or("version", "");
  card.date = root.text_or("date", "");
  card.type = root.text_or("type", "");
  card.architecture = root.text_or("architecture", "");
  card.treatment = root.text_or("treatment", "");
  card.repository = root.text_or("repository", "");
  if (root.has("recipes")) card.recipes = root.texts("recipes");
  if (!card.recipes.empty()) card.scale = root.text("scale");
  read_own_licences(root, card);
  read_release_licence(root, card);
  read_components(root, card);
  read_fields(root, card);
  read_items(root, card);
  root.finish();
  return card;
}

}  // namespace reprise
