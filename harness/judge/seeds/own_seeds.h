// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that is told of a script's random numbers: who seeds them, whether the script repeats on its own, and
// what is equal in it that is mostly meant to differ.
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "harness/judge/seeds/alike.h"
#include "harness/judge/seeds/own_pair.h"
#include "harness/judge/seeds/seeds.h"

namespace reprise {

struct OwnSeeds {
  Seeds seeds;
  OwnPair pair;
  std::vector<Alike> alike;
  // What else of the plan reprise pinned, one sentence.
  std::string pinned;
};

// As the JSON report has it.
nlohmann::ordered_json to_json(const OwnSeeds& seeds);

// "Besides seeds, reprise pinned: ..." of the pins that matter most to a script.
std::string pinned_besides(const Plan& plan);

}  // namespace reprise
