// SPDX-License-Identifier: Apache-2.0
#pragma once
// Is a matrix what its runs say? It names each run's configuration, so a report rests on it as on the traces.
#include "harness/attest/checks.h"
#include "harness/matrix/matrix.h"

namespace reprise {

// Adds the check "matrix": each run's plan is the one that the matrix names and has the values that it gives,
// and each ended as it says. `of_matrix`: no for traces side by side, whose outcomes the report reads beside
// them.
void check_matrix(const Matrix& matrix, bool of_matrix, Verification& found);

}  // namespace reprise
