// SPDX-License-Identifier: Apache-2.0
#pragma once
// What `matrix --bisect` adds to a matrix: where two runs of one plan part, these are bisected; and of
// classes of runs that part from the first one, one run each against a run of the first class, so that the
// report names the call that parts them, tells rounding from another computation and says what to pin.
#include <functional>
#include <string>
#include <vector>

#include "harness/matrix/matrix.h"
#include "harness/matrix/matrix_file.h"
#include "harness/search/bisecting.h"

namespace reprise {

inline constexpr std::size_t most_bisections = 3;  // of Bisecting::few: each takes several runs

struct ClassBisections {
  std::vector<Bisection> made;
  std::vector<std::string> left_out =
      {};  // which pairs of classes were not bisected, and why: a sentence each
};

// `runs` are those of the matrix's configurations, in their order; those that are done have their folder in
// the matrix. Nothing where all are equal or none is done. The pair is one that differs in a single factor,
// where there is one. A bisection that cannot be made is untested and says why. `why_stop`: asked before
// each; a reason ends it.
ClassBisections bisect_classes(const Matrix& matrix, const std::vector<Run>& runs,
                               const LaunchOptions& options, Bisecting how,
                               const std::function<std::string()>& why_stop);

}  // namespace reprise
