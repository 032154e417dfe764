// SPDX-License-Identifier: Apache-2.0
#pragma once
// Who seeded what, in words.
#include <string>

#include "harness/judge/seeds/seeds.h"

namespace reprise {

// "NumPy: seeded only by reprise, and drawn from by step 1". `silent`: forked processes of which
// nothing is known.
std::string seeds_sentence(const GeneratorSeeds& seeds, std::int64_t silent);
// "a generator of the script's own was made without a seed (train.py line 5: numpy.random.default_rng)..."
std::string unseeded_sentence(const SeedCall& made);
// "train.py line 4: torch.manual_seed", with the library through which it came.
std::string call_for_people(const SeedCall& seeding);

}  // namespace reprise
