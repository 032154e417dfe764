// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may be said where the state of two sides differs and every operator call that was seen agrees.
#include "harness/judge/explain/bisection.h"
#include "harness/search/closer_look.h"

namespace reprise {

// Concludes `found`, whose first divergence is known. Nobody is blamed unless that was seen: a call made
// memory of the differing tensor's form, and nobody had written it when the step ended; two threads drew from
// one generator; or everything was observed, so that what wrote the difference is no call.
void conclude_unseen(const Sides& sides, const Look& look, Bisection& found);

}  // namespace reprise
