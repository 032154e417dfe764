// SPDX-License-Identifier: Apache-2.0
// For two classes, the variance of the test error over seeds is err / 2n: no run but one is needed to tell
// it.
#include <cmath>
#include <numeric>

#include "harness/base/error.h"
#include "harness/judge/claim/law.h"
#include "harness/judge/verdict/statistics.h"

namespace reprise::laws {
namespace {

// The first half of the classes against the other: the binary task that every labelled test set holds.
bool errs(std::int64_t predicted, std::int64_t label, std::int64_t classes) {
  return (2 * predicted < classes) != (2 * label < classes);
}

double ratio(const LawRuns& runs) {
  const ErrorTable table = errors_of(runs.reseeded, errs);
  std::vector<double> errors;
  for (const auto& row : table)
    errors.push_back(std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size()));
  const Sample sample = sample_of(errors);
  if (!(sample.mean > 0)) fail("no run errs between the two halves of the classes");
  return sample.sd / two_class_sd(sample.mean, table.front().size());
}

}  // namespace

extern const Law two_class_variance{
    .summary =
        "the SD over seeds of the error between the two halves of the classes, divided by sqrt(err / 2n)",
    .source = "Jordan, ICLR 2024 (arXiv 2304.01910), Theorem 3",
    .beside = Varied::none,
    .ratio = ratio,
};

}  // namespace reprise::laws
