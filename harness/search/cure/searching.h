// SPDX-License-Identifier: Apache-2.0
#pragma once
// The search for the cheapest sets of pins, over any world that answers whether a set holds and at what
// price: first each candidate alone, then sets of those that do not hold alone. Sets are pruned by
// inheritance: what holds is not tried with more pins, and where candidates together do not hold, no part of
// them does. That is an assumption about pins, and one of them may undo another; so before all together are
// given up, each is exchanged for its other values and left out, once.
#include <cstdint>
#include <functional>
#include <vector>

#include "harness/judge/cure/cure.h"

namespace reprise {

struct CureWorld {
  std::vector<PinSetting> candidates;  // in the order in which they are tried; a pin may have several values
  std::function<Attempt(const PinSet& set)> few;    // over the first steps
  std::function<Attempt(const PinSet& set)> whole;  // over the whole run, with repeats
  // A set that was equal over the first steps parts at this one: from now on `few` goes beyond it.
  std::function<void(std::int64_t step)> look_further = {};
  std::function<bool()> stopped = {};  // asked before each try; true ends the search
  // Before each try: how many were made, and how many there are likely to be.
  std::function<void(const PinSet& set, std::size_t made, std::size_t likely)> tell = {};
  double noise = 0.05;           // a share of a step's time below which two prices are one
  std::size_t most_tries = 100;  // over the first steps
  // Tried after the candidates, and never together with others: what makes it another training.
  std::vector<PinSetting> only_alone = {};
};

struct CureSearch {
  std::vector<CureTry> tries;  // in the order in which they were made
  PinSet together;             // the candidates that were tried together at last
  bool complete = true;
};

// Every set on the front of what it returns was confirmed over the whole run, unless the search was ended.
CureSearch search_cures(const CureWorld& world);

}  // namespace reprise
