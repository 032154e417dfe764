// SPDX-License-Identifier: Apache-2.0
#pragma once
// Evidence made by hand: diffs, verdicts and matrices as the judge gives them, with numbers that are the same
// in every run and on every machine.
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/plan/matrix.h"
#include "reports/compose.h"
#include "reports/format.h"
#include "reports/report.h"

namespace reprise {

struct Evidence {
  Diff diff;
  Verdict verdict;
  Matrix matrix;
  std::optional<Metric> metric;
  CloserLook closer;
  Report report() const { return compose(diff, verdict, matrix, metric, closer); }
};

// Eight runs in four classes: threads=2 leaves at step 1 (mkl=strict holds it; bisected to aten::addmm),
// isa=default and seed=1 before training; two more runs are untested, one of them crashed. The self-test
// passed.
Evidence sample();
// Every row as it must be, but the row `name`: `result`.
SelfTest sample_self_test(Caught result = Caught::caught, const std::string& name = "flip-bit");
// One call with equal inputs and other outputs, its distance, a reason and two remedies.
Bisection sample_bisection(const std::string& side_a, const std::string& side_b);
// Two runs, one class, no factors: what `reprise diff` compares.
Evidence two_equal();
// `equal` runs that never leave the baseline and `parted` classes of `members` runs each.
Evidence many(std::size_t equal, std::size_t parted, std::size_t members);
// Every name, value and line an attack on HTML, XML, Markdown and terminals.
Evidence hostile();
// No run was done.
Evidence nothing_done();

inline std::string rendered(const Report& report, const std::string& format) {
  std::ostringstream text;
  pick(formats_shelf(), format, "format").render(report, text);
  return std::move(text).str();
}

}  // namespace reprise
