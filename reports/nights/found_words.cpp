// SPDX-License-Identifier: Apache-2.0
#include "reports/nights/found_words.h"

namespace reprise {
namespace {

// The order of telling.
int weight_of(Held found) {
  switch (found) {
    case Held::mismatch:
      return 3;
    case Held::untested:
      return 2;
    case Held::no_baseline:
      return 1;
    case Held::match:
      break;
  }
  return 0;
}

}  // namespace

Mood mood_of(Held found) {
  return found == Held::match ? Mood::good : found == Held::mismatch ? Mood::bad : Mood::neutral;
}

std::string sign_of(Held found) {
  constexpr const char* signs[] = {"✓", "○", "?", "✗"};
  return signs[weight_of(found)];
}

int shade_of(Held found) {
  constexpr int shades[] = {4, 3, -1, 0};
  return shades[weight_of(found)];
}

Held worse(Held a, Held b) { return weight_of(a) >= weight_of(b) ? a : b; }

blocks::Words found_words(Held found) {
  blocks::Words words{sign_of(found) + " " + std::string(to_text(found)), blocks::Form::verdict};
  words.mood = mood_of(found);
  return words;
}

}  // namespace reprise
