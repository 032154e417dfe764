// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one place that knows both the evidence and the document: a diff, its verdict and the matrix become a
// Report.
#include <optional>
#include <vector>

#include "harness/judge/compare/beside.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/bisection.h"
#include "harness/judge/seeds/own_seeds.h"
#include "harness/judge/verdict/self_test.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"
#include "reports/layout/report.h"

namespace reprise {

// What was looked at beside the traces: both were measured before the report is made.
struct CloserLook {
  std::optional<SelfTest> self_test;   // nothing: none was made, and the report says so
  std::vector<Bisection> bisections;   // of pairs of the diff's traces, told by their names
  std::optional<OwnSeeds> seeds = {};  // of the first run; nothing: it is no script
  std::optional<Beside> beside = {};   // nothing: the runs are of no command
  // Which pairs of classes were not bisected though bisections were asked for, and why: a sentence each.
  std::vector<std::string> not_bisected = {};
};

Report compose(const Diff& diff, const Verdict& verdict, const Matrix& matrix,
               const std::optional<Metric>& metric, const CloserLook& closer = {});

}  // namespace reprise
