// SPDX-License-Identifier: Apache-2.0
// Sums and differences by a small GPT, trained as reasoning models are (recipes/reasoning/reasoner.h).
#include "recipes/reasoning/reasoner.h"

namespace reprise::programs {

extern const Program reasoner{
    .summary = "arithmetic by a small GPT: cold start, then reinforcement by rules, or distillation",
    .begin = train_reasoner,
};

}  // namespace reprise::programs
