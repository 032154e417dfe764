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

// Of the runs of one plan, under the name of the first configuration that has it.
struct PlanSeeds {
  std::string configuration;
  Seeds seeds;
};

struct OwnSeeds {
  Seeds seeds;                         // of the first plan
  std::vector<PlanSeeds> others = {};  // of plans whose seeds are told otherwise, one for each way
  OwnPair pair;                        // of the first plan that wants one
  std::vector<Alike> alike;
  // What else of the plan reprise pinned, one sentence.
  std::string pinned;
};

// Of all that is told of these seeds, whether it is the same.
bool is_told_alike(const Seeds& a, const Seeds& b);

// As the JSON report has it.
nlohmann::ordered_json to_json(const OwnSeeds& seeds);

// "Besides seeds, reprise pinned: ..." of the pins that matter most to a script.
std::string pinned_besides(const Plan& plan);

}  // namespace reprise
