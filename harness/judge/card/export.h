// SPDX-License-Identifier: Apache-2.0
#pragma once
// A card written for somebody else's tool. One file in harness/judge/card/exports is one such form. Same
// card, same bytes: nothing written depends on the time or on the machine.
#include <span>
#include <string>

#include "harness/base/shelf.h"
#include "harness/judge/card/found.h"

namespace reprise {

struct CardExport {
  const char* summary;    // one line for people
  const char* extension;  // of a file: "yml"
  // One text for any number of cards; where a form holds one card only, the Error says so.
  std::string (*write)(std::span<const CardFound> cards);
};

Shelf<CardExport> card_exports_shelf();

// The only card; an Error that names the form if there are more.
const CardFound& only_card(std::span<const CardFound> cards, std::string_view form);

}  // namespace reprise
