// SPDX-License-Identifier: Apache-2.0
#pragma once
// The class of a release by the Model Openness Framework, as lfai/model_openness_tool @8b5d30e reckons it.
// Classes are cumulative: III Open Model, II Open Tooling, I Open Science. The tool takes what its record
// does not list for missing; here what no source tells is kept apart, so that a class can be reached, ruled
// out, or not shown either way.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/card/card.h"

namespace reprise {

enum class Standing {
  included,    // under an open licence
  warned,      // included, under one that is open and not preferred for its content
  unlicensed,  // published without a licence
  invalid,     // published under a licence that is not open
  missing,     // not published, or only a part of it
  unsaid       // no source says whether it is published, or under what
};
std::span<const Word<Standing>> words_of(Standing standing);
bool counts(Standing standing);

struct ComponentStanding {
  const ComponentClaim* claim = nullptr;
  std::string licence;
  Standing standing = Standing::unsaid;
};

struct MofClass {
  int number = 3;
  std::size_t included = 0, required = 0;  // of this class and those below it
  double progress = 0;                     // percent; 0 while a class below is not complete
};

struct Mof {
  std::vector<ComponentStanding> components;
  std::array<MofClass, 3> classes;             // III, II, I
  int reached = 0;                             // 0: none
  int possible = 0;                            // the best that what has no source could still give
  std::vector<std::string> ruled_out_by = {};  // components that keep it from the class after `possible`
};

// The claims that `Mof` points to stay the card's.
Mof mof_of(const Card& card);
// "III", "II", "I", "none", or "not shown" where sources are missing to tell.
std::string class_words(const Mof& mof);
std::string roman(int number);

}  // namespace reprise
