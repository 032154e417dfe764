// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far two results of one operator are apart, as Shanmugavelu et al. measure it (arXiv 2408.05148).
#include "harness/record/state.h"

namespace reprise {

struct Distance {
  double v_ermv = 0;  // mean of |a - b| / |a + 1e-8| over the elements that are finite in both
  double v_c = 0;     // part of the elements that differ in a bit
};

// Of all tensors together. They have the same names and shapes, or it is an Error. Computed on the CPU, one
// element after the other.
Distance distance_of(const Tensors& a, const Tensors& b);

}  // namespace reprise
