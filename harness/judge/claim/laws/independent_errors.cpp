// SPDX-License-Identifier: Apache-2.0
// After long training, test accuracy varies between seeds only as much as if each example erred by itself.
#include <cmath>

#include "harness/base/error.h"
#include "harness/judge/claim/law.h"

namespace reprise::laws {
namespace {

double ratio(const LawRuns& runs) {
  const ErrorSpread spread =
      error_spread(errors_of(runs.reseeded, [](std::int64_t predicted, std::int64_t label, std::int64_t) {
        return predicted != label;
      }));
  if (!(spread.independent > 0))
    fail("every run errs on the same test examples: there is nothing that varies");
  return std::sqrt(spread.variance / spread.independent);
}

}  // namespace

extern const Law independent_errors{
    .summary =
        "the SD of the test error over seeds, divided by the SD that independent errors of the examples "
        "would give",
    .source = "Jordan, ICLR 2024 (arXiv 2304.01910)",
    .beside = Varied::none,
    .ratio = ratio,
};

}  // namespace reprise::laws
