// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards of the tests: those of the folder `made`, and some made in place.
#include <filesystem>
#include <string>

#include "harness/judge/card/found.h"

namespace reprise {

inline const std::filesystem::path cards_of_tests = REPRISE_SOURCE "/tests/card/made";
inline const std::filesystem::path records_of_tests = REPRISE_SOURCE "/tests/card/records";
inline const std::filesystem::path shipped_cards = REPRISE_SOURCE "/recipes/cards";

inline Card made(const std::string& name) { return read_card(cards_of_tests / (name + ".toml")); }

// Everything published under this licence.
inline Card whole(const std::string& licence) {
  Card card = empty_card("whole");
  for (auto& claim : card.components) {
    claim.published = Published::yes;
    claim.source = "a test";
    claim.licence = licence;
  }
  return card;
}

inline ComponentClaim& component_of(Card& card, std::string_view name) {
  return card.components.at(static_cast<std::size_t>(&component_named(name) - component_table().data()));
}

inline CardFound untested(const Card& card) { return {card, {}, "no run was made."}; }

}  // namespace reprise
