// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one place that knows both the evidence and the document: a diff, its verdict and the matrix become a
// Report.
#include <optional>

#include "harness/judge/diff.h"
#include "harness/judge/verdict.h"
#include "harness/trace/matrix.h"
#include "reports/report.h"

namespace reprise {

Report compose(const Diff& diff, const Verdict& verdict, const Matrix& matrix,
               const std::optional<Metric>& metric);

}  // namespace reprise
