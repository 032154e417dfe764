// SPDX-License-Identifier: Apache-2.0
#pragma once
// The few sentences below a report's headline: how the runs fall into classes, and where each class parts.
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"

namespace reprise {

std::vector<std::string> verdict_sentences(const Diff& diff, const Verdict& verdict, const Matrix& matrix);

}  // namespace reprise
