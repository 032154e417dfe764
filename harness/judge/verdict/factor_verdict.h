// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one factor did to the bits, and what that means for its promise.
#include "harness/judge/verdict/margin.h"
#include "harness/judge/verdict/verdict.h"

namespace reprise {

// Compares, for each later value of the factor, the pairs of done configurations that differ in it alone.
FactorVerdict factor_verdict(const Tested& tested, const Factor& factor);

}  // namespace reprise
