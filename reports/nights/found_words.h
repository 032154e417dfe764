// SPDX-License-Identifier: Apache-2.0
#pragma once
// How what was found of a run is shown: its mood, its sign, its shade.
#include <string>

#include "harness/judge/baseline/checking.h"
#include "reports/layout/blocks.h"

namespace reprise {

// Only a mismatch is bad: what could not be checked says nothing of the bits.
Mood mood_of(Held found);
// "✓", "✗", "○", "?": one for each word, so that no colour is needed.
std::string sign_of(Held found);
int shade_of(Held found);  // blocks::NightCell::shade
// Of several the one to be told first: mismatch, untested, no baseline, match.
Held worse(Held a, Held b);
blocks::Words found_words(Held found);

}  // namespace reprise
