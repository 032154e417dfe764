// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/export.h"

namespace reprise {

const CardFound& only_card(std::span<const CardFound> cards, std::string_view form) {
  if (cards.size() != 1)
    fail("wanted one card for the export '{}', found {}; name one card, or take --export csv with --all",
         form, cards.size());
  return cards.front();
}

}  // namespace reprise
