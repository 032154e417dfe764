// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/osaid.h"

#include <algorithm>

#include "harness/judge/card/licence.h"

namespace reprise {

std::span<const Word<Needed>> words_of(Needed /*of*/) {
  static constexpr Word<Needed> words[] = {
      {Needed::always, "yes"}, {Needed::if_used, "if used"}, {Needed::example, "example only"}};
  return words;
}

std::span<const OsaidItem> osaid_table() {
  using namespace components;
  using enum Needed;
  // A model that was trained had training code and an architecture: those two were used.
  static constexpr OsaidItem table[] = {
      {"D1", "complete description of all training data", data_card, always},
      {"D2", "list of all public training data and where it is", "", always},
      {"D3", "list of all training data from third parties", "", always},
      {"C1", "code that processes and filters data", preprocessing, if_used},
      {"C2", "training code, with arguments and settings", training, always},
      {"C3", "validation and testing code", evaluation, if_used},
      {"C4", "supporting libraries", libraries, if_used},
      {"C5", "inference code", inference, if_used},
      {"C6", "model architecture", architecture, always},
      {"P1", "final weights", weights, always},
      {"P2", "checkpoints of key stages", checkpoints, example},
      {"P3", "final optimizer state", "", example},
  };
  return table;
}

const OsaidItem& osaid_item(std::string_view id) {
  std::vector<std::string> ids;
  for (const auto& item : osaid_table()) {
    if (item.id == id) return item;
    ids.emplace_back(item.id);
  }
  fail("{}", unknown_name("item of the checklist", id, ids));
}

namespace {

// A card's own answer first.
OsaidAnswer answer_of(const Card& card, const OsaidItem& item) {
  OsaidAnswer answer;
  answer.item = &item;
  const auto own = std::ranges::find_if(card.items, [&](const ItemClaim& one) { return one.id == item.id; });
  const auto* claim = item.component.empty() ? nullptr : &claim_of(card, item.component);
  if (claim) {
    answer.claim = *claim;
    answer.licence = licence_of(card, *claim);
  }
  if (item.id == "P3") answer.claim = field_of(card, "optimizer state");
  if (own != card.items.end()) answer.claim = *own;
  const bool there = answer.claim.published == Published::yes || answer.claim.published == Published::partly;
  // Lists and descriptions are facts that need no licence to be read; code and weights do.
  const bool asks = item.id.front() == 'C' || item.id == "P1";
  answer.open_terms = !there || !asks || is_open(answer.licence);
  return answer;
}

bool ruled_out(const OsaidAnswer& answer) {
  const bool closed = !answer.open_terms && !answer.licence.empty();
  return closed || answer.claim.published == Published::no || answer.claim.published == Published::partly;
}

}  // namespace

Osaid osaid_of(const Card& card) {
  Osaid found;
  for (const auto& item : osaid_table()) found.answers.push_back(answer_of(card, item));
  for (const auto& answer : found.answers) {
    const std::string id(answer.item->id);
    if (answer.item->needed == Needed::example) continue;
    const bool shown = answer.claim.published == Published::yes && answer.open_terms;
    if (shown) continue;
    const bool there = answer.claim.published == Published::yes;
    // What is only needed if it was used rules nothing out by being absent: no source says it was used.
    if (ruled_out(answer) && (answer.item->needed == Needed::always || there))
      found.ruled_out_by.push_back(id);
    else
      found.unsaid.push_back(id);
  }
  found.meets = !found.ruled_out_by.empty() ? Published::no
                : found.unsaid.empty()      ? Published::yes
                                            : Published::unsaid;
  return found;
}

}  // namespace reprise
