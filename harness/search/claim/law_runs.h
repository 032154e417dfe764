// SPDX-License-Identifier: Apache-2.0
#pragma once
// The runs that a law wants beside those of its seeds.
#include <string>

#include "harness/search/claim/claim_plan.h"

namespace reprise {

// Adds as many runs as `planned` has seeds, where the law of its claim wants them, and says so in its
// sentence. `base`: the plan of the first seed. An Error where the recipe cannot vary one source alone: it
// has no parameter weights_seed, or no batch order that is drawn.
void add_beside(const Plan& base, const std::string& prefix, ClaimPlan& planned);

}  // namespace reprise
