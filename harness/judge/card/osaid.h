// SPDX-License-Identifier: Apache-2.0
#pragma once
// The checklist of the Open Source AI Definition 1.0, answered from a card: data information (D), code (C)
// and parameters (P). Most items are components; a card may answer any item itself, with its source.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/card/card.h"

namespace reprise {

enum class Needed { always, if_used, example };
std::span<const Word<Needed>> words_of(Needed needed);

struct OsaidItem {
  std::string_view id, text, component;
  Needed needed;
};
std::span<const OsaidItem> osaid_table();
const OsaidItem& osaid_item(std::string_view id);  // an Error for any other, with the nearest one

struct OsaidAnswer {
  const OsaidItem* item = nullptr;
  Disclosure claim;
  std::string licence;     // that it comes under, "" where no source says or no licence is asked for
  bool open_terms = true;  // false: published, and not under open terms as far as is told
};

struct Osaid {
  std::vector<OsaidAnswer> answers;
  // Whether all that is always needed is there under open terms: no, where something is not; unsaid, where
  // some of it has no source.
  Published meets = Published::unsaid;
  std::vector<std::string> ruled_out_by, unsaid;  // ids
};

Osaid osaid_of(const Card& card);

}  // namespace reprise
