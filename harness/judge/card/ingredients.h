// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a release can be run again from what it publishes, and what is missing of that: first what a run
// needs at all, then what equal bits need. A thing that is only partly published is missing; a thing that no
// source tells of is neither there nor missing.
#include <string>
#include <vector>

#include "harness/judge/card/card.h"

namespace reprise {

enum class Runnable { complete, not_runnable, unsaid };
std::span<const Word<Runnable>> words_of(Runnable runnable);

struct Ingredient {
  std::string name;
  Disclosure claim;
};

struct Ingredients {
  Runnable runnable = Runnable::unsaid;
  std::vector<Ingredient> needed;                      // to run at all: each with what is published of it
  std::vector<Ingredient> missing, untold;             // of those
  std::vector<std::string> lacking_bits, untold_bits;  // fields that equal bits need
  std::vector<std::string> published_fields;           // of the manifest, in full
};

Ingredients ingredients_of(const Card& card);
// "not runnable as published; missing: training code, datasets (partly: samples only)".
std::string runnable_sentence(const Ingredients& ingredients);

}  // namespace reprise
