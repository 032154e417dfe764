// SPDX-License-Identifier: Apache-2.0
// One bit of one weight early in training makes runs disagree as much as new seeds do.
#include "harness/base/error.h"
#include "harness/judge/claim/law.h"

namespace reprise::laws {
namespace {

double ratio(const LawRuns& runs) {
  const double seeds = disagreement(runs.reseeded);
  if (!(seeds > 0)) fail("runs with other seeds predict the same for every test example");
  return disagreement(runs.beside) / seeds;
}

}  // namespace

extern const Law one_bit{
    .summary =
        "how often runs that differ by one bit of one weight disagree, divided by how often runs with other "
        "seeds do",
    .source = "Summers and Dinneen, ICML 2021 (arXiv 2103.04514); Jordan, ICLR 2024, Appendix D",
    .beside = Varied::flipped_bit,
    .ratio = ratio,
};

}  // namespace reprise::laws
