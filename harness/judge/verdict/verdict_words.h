// SPDX-License-Identifier: Apache-2.0
#pragma once
// The headline of a verdict, derived from what was compared.
#include <string>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"

namespace reprise {

std::string headline_of(const Diff& diff, const Verdict& verdict);

}  // namespace reprise
