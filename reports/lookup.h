// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finding one thing in what was judged, by its name or place.
#include <string>
#include <string_view>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"

namespace reprise {

// Nothing if there is none of that name.
const FactorVerdict* factor_named(const Verdict& verdict, std::string_view name);
const Configuration* configuration_named(const Matrix& matrix, const std::string& name);
// The split of the first class against class `index`, or nothing for the first class itself.
const ClassDivergence* from_first(const Diff& diff, std::size_t index);
// Whether runs of one plan are in both classes: it does not repeat.
bool holds_one_plan_twice(const Diff& diff, const ClassDivergence& divergence);

}  // namespace reprise
