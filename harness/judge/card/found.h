// SPDX-License-Identifier: Apache-2.0
#pragma once
// A card with all that follows from it, and what was measured beside it.
#include <string>
#include <vector>

#include "harness/judge/card/card.h"
#include "harness/judge/card/ingredients.h"
#include "harness/judge/card/measured.h"
#include "harness/judge/card/mof.h"
#include "harness/judge/card/osaid.h"

namespace reprise {

struct CardFound {
  CardFound(Card of, std::vector<Measured> measured, std::string untested);
  // What was found points into the card: it goes where the card goes.
  CardFound(const CardFound& other);
  CardFound& operator=(const CardFound&) = delete;

  Card card;
  Mof mof;
  Osaid osaid;
  Ingredients ingredients;
  std::vector<Measured> measured;          // one for each matrix that is kept
  std::vector<MeasuredClaim> claims = {};  // of every report of claims that is kept
  std::string untested;                    // why no matrix was measured, a sentence; "" where one was
};

// One thing that the table shows of every system.
struct Shown {
  std::string title;  // of its column: "weights"
  Disclosure claim;
  std::string licence;  // its title, where one comes with it
};
std::vector<Shown> shown_of(const Card& card);

// In one cell: "2 classes in 8 runs (waves); claims: 3 stand (waves)" or "untested".
std::string measured_words(const CardFound& found);
std::string horizon_words(const CardFound& found);

}  // namespace reprise
