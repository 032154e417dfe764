// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `diff` and `bisect` do with --across: two runs of different recipes that are meant to be one training.
#include <string>
#include <vector>

#include "harness/judge/explain/two_recipes.h"
#include "harness/search/bisecting.h"

namespace reprise {

// Where the weights part, in a few lines for a person, or as one JSON document.
std::string weights_text(const WeightsDivergence& divergence, const std::string& a, const std::string& b);
std::string weights_json(const WeightsDivergence& divergence, const std::string& a, const std::string& b);

// Both sides' folders hold a trace. Reruns each with the operators of the step traced at which their weights
// part, and names the first call of either side that makes what the other side has nowhere.
Bisection bisect_across(const Side& a, const Side& b, const std::vector<Rename>& renames,
                        const LaunchOptions& options);

}  // namespace reprise
