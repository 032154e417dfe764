// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was checked and what was not, one line each: the section on marks puts these together.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/self_test.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"
#include "reports/layout/blocks.h"

namespace reprise {

// Whether a plan that runs again gives equal bits.
Mark repeat_mark(const Verdict& verdict, const Matrix& matrix);
// Pins that were read back, and digests that were not made in place.
std::vector<Mark> pin_marks(const Diff& diff);
// Runs that ended early or lost their numbers, how far they were compared, which may be copies.
std::vector<Mark> run_marks(const Diff& diff);
// The metric where the bits say nothing of it: of runs that are all equal, and where equal bits have other
// numbers, as an evaluation that draws its own samples gives.
std::vector<Mark> metric_marks(const Diff& diff, const std::optional<Metric>& metric);
// Runs that were not done, and what the others noted.
std::vector<Mark> outcome_marks(const Matrix& matrix);
// What two GPUs were expected to do to the bits, and whether they did.
std::vector<Mark> gpu_marks(const Diff& diff);
std::vector<Mark> self_test_marks(const std::optional<SelfTest>& test);

// What is said of several runs is said once, with how many of all `runs` it is said of.
void add_once(const std::map<std::string, std::size_t>& said, std::size_t runs, std::vector<Mark>& marks);

}  // namespace reprise
