// SPDX-License-Identifier: Apache-2.0
#pragma once
// "Best of N seeds" lies above the mean by chance alone: how far, and how surely, for normal values.
#include <cstddef>

namespace reprise {

struct BestOf {
  double mean = 0;  // of the largest of N standard normal draws
  double sd = 0;    // of the same
};
BestOf best_of(std::size_t n);

}  // namespace reprise
